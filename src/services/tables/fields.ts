import type { Field, FieldInput } from '../../contracts/table.ts';
import { UnprocessableError } from '../../errors.ts';
import type { ServiceContext } from '../context.ts';

/** Fields to store, in the order given; those without an id get one. */
export function toFields({ newId }: Pick<ServiceContext, 'newId'>, inputs: readonly FieldInput[]): Field[] {
  return inputs.map(({ id, name, type, options }) => ({
    id: id ?? newId('fld'),
    name,
    type,
    ...(options && { options }),
  }));
}

/** Throws UnprocessableError when an edit names a field the table does not have, or gives one another type. */
export function checkFieldEdits(current: readonly Field[], inputs: readonly FieldInput[]): void {
  const byId = new Map(current.map((field) => [field.id, field]));
  const seen = new Set<string>();
  const errors = inputs.flatMap(({ id, type }, index) => {
    if (id === undefined) return [];
    const path = `fields.${index}`;
    const field = byId.get(id);
    if (!field) return [{ path: `${path}.id`, message: 'the table has no such field' }];
    if (seen.has(id)) return [{ path: `${path}.id`, message: 'must not repeat' }];
    seen.add(id);
    if (field.type === type) return [];
    const message = `the field is ${field.type} and keeps that type; delete it and add another`;
    return [{ path: `${path}.type`, message }];
  });
  if (errors.length > 0) throw new UnprocessableError('The fields cannot be changed like this.', errors);
}
