import type { Condition } from '../../contracts/condition.ts';
import type { PayloadOptions } from '../../contracts/payload.ts';
import type { Field } from '../../contracts/table.ts';
import type { FieldFault, Resolved } from '../../domain/resolve-fields.ts';
import { NO_SUCH_FIELD, resolveFields } from '../../domain/resolve-fields.ts';
import { resolveFilter } from '../../domain/resolve-filter.ts';
import { UnprocessableError } from '../../errors.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { openCondition, toStoredCondition } from '../../models/webhook.ts';

/** The parts of a registration, or of its edits, that name fields of the table. */
export interface FieldUse {
  watchFields?: string[] | undefined;
  condition?: Condition | null | undefined;
  payload?: PayloadOptions | undefined;
}

/** The same parts as they are stored, fields by id. Throws UnprocessableError naming everything that does not fit the table. */
export function resolveFieldUse(
  fields: readonly Field[],
  { watchFields, condition, payload }: FieldUse,
): Partial<Pick<WebhookDoc, 'watchFields' | 'condition' | 'payload'>> {
  const errors: FieldFault[] = [];
  const take = <T>(resolved: Resolved<T>, path: string, otherwise: T): T => {
    if (resolved.ok) return resolved.value;
    errors.push(...resolved.errors.map((error) => ({ ...error, path: `${path}.${error.path}` })));
    return otherwise;
  };
  const use = {
    ...(watchFields && { watchFields: take(resolveFields(fields, watchFields), 'watchFields', []) }),
    ...(condition !== undefined && {
      condition:
        condition &&
        toStoredCondition({
          ...condition,
          filter: take(resolveFilter(fields, condition.filter), 'condition.filter', {}),
        }),
    }),
    ...(payload && {
      payload: {
        ...payload,
        ...(payload.fields && { fields: take(resolveFields(fields, payload.fields), 'payload.fields', []) }),
      },
    }),
  };
  const [first] = errors;
  if (first) {
    throw new UnprocessableError(
      `The webhook does not fit its table. ${first.path}: ${first.message}.`,
      errors,
    );
  }
  return use;
}

export interface DescribeMisfitInput {
  webhook: Pick<WebhookDoc, 'watchFields' | 'condition'>;
  /** The table's fields as they are now. */
  fields: readonly Field[];
  /** And as they were, to name those that are gone. */
  before: readonly Field[];
}

/** Why a webhook cannot fire as it stands, since a field it watches or filters by is gone or is another one; null when it can. */
export function describeMisfit({ webhook, fields, before }: DescribeMisfitInput): string | null {
  const nameOf = (id: string) => [...fields, ...before].find((field) => field.id === id)?.name ?? id;
  const gone = webhook.watchFields
    .filter((id) => !fields.some((field) => field.id === id))
    .map((id) => `It watches the field ${nameOf(id)}, which was deleted.`);
  const resolved = webhook.condition
    ? resolveFilter(fields, openCondition(webhook.condition).filter)
    : { ok: true as const };
  const unfit = resolved.ok
    ? []
    : resolved.errors.map(({ path, message }) => {
        const name = nameOf(fieldIdIn(path));
        return message === NO_SUCH_FIELD
          ? `Its condition asks for the field ${name}, which was deleted.`
          : `Its condition asks of the field ${name} what it cannot be any more: ${message}.`;
      });
  const reasons = [...new Set([...gone, ...unfit])];
  if (reasons.length === 0) return null;
  return `${reasons.join(' ')} It hears nothing until watchFields or condition is edited; what it asks for of what was written meanwhile is sent then.`;
}

function fieldIdIn(path: string): string {
  return path.split('.').find((part) => part.startsWith('fld_')) ?? path;
}
