import type { EventType } from '../contracts/change.ts';
import type { Condition } from '../contracts/condition.ts';
import type { ConditionedChange } from './condition.ts';
import { fulfils } from './condition.ts';
import type { JsonObject } from '../contracts/json.ts';

/** Table revisions during which a webhook listened: from (inclusive) until (exclusive, null: still). */
export interface EnabledSpan {
  from: number;
  until: number | null;
}

/** What a webhook asks for. */
export interface FiringRule {
  events: readonly string[];
  watchFields: readonly string[];
  ignoreSources: readonly string[];
  /** Its filter, compiled. */
  condition: { when: Condition['when']; fits: (values: JsonObject) => boolean } | null;
}

/** A record change, as far as webhooks ask about it. */
export interface MatchedChange extends ConditionedChange {
  type: EventType;
  source: { kind: string };
  /** Of the API key it was made with; null where none is known. */
  apiKeyId: string | null;
  changes: readonly { fieldId: string; fieldName: string }[];
}

/**
 * Whether a change was written while a webhook listened: the table's `webhookRevision` grows with every registration,
 * enabling and disabling, and each change carries the one it was written under.
 */
export function wasListening(spans: readonly EnabledSpan[], webhookRevision: number): boolean {
  return spans.some(
    ({ from, until }) => from <= webhookRevision && (until === null || webhookRevision < until),
  );
}

/** Whether a webhook asks for a change. */
export function asksFor(rule: FiringRule, change: MatchedChange): boolean {
  return CHECKS.every((check) => check(rule, change) === null);
}

/** Why a webhook does not ask for a change, in words; empty when it does. */
export function explainMismatch(rule: FiringRule, change: MatchedChange): string[] {
  return CHECKS.map((check) => check(rule, change)).filter((reason) => reason !== null);
}

type Check = (rule: FiringRule, change: MatchedChange) => string | null;

const CHECKS: readonly Check[] = [
  ({ events }, { type }) =>
    events.includes(type) || events.includes('record.*')
      ? null
      : `It asks for ${events.join(', ')}, not for ${type}.`,
  ({ ignoreSources }, { source, apiKeyId }) => {
    if (ignoreSources.includes(source.kind)) return `It ignores changes from the source ${source.kind}.`;
    return apiKeyId !== null && ignoreSources.includes(apiKeyId)
      ? `It ignores changes made with the API key ${apiKeyId}.`
      : null;
  },
  ({ watchFields }, { type, changes }) => {
    if (type !== 'record.updated' || watchFields.length === 0) return null;
    if (changes.some(({ fieldId }) => watchFields.includes(fieldId))) return null;
    return `None of the fields it watches differs; changed: ${changes.map(({ fieldName }) => fieldName).join(', ')}.`;
  },
  ({ condition }, change) => {
    if (condition === null || fulfils(condition.when, condition.fits, change)) return null;
    return NOT_FULFILLED[condition.when];
  },
];

const NOT_FULFILLED: Record<Condition['when'], string> = {
  matches: 'The record does not fit the filter of its condition (when: matches).',
  enters: 'The record did not come to fit the filter of its condition with this change (when: enters).',
  leaves: 'The record did not cease to fit the filter of its condition with this change (when: leaves).',
};
