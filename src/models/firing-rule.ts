import { compileFilter } from '../domain/condition.ts';
import type { FiringRule } from '../domain/match-webhook.ts';
import type { WebhookDoc } from './webhook.ts';
import { openCondition } from './webhook.ts';

const rules = new WeakMap<WebhookDoc, FiringRule>();

/** What a webhook asks for, ready to be asked; compiled once for all that hold the same document. */
export function toFiringRule(doc: WebhookDoc): FiringRule {
  const known = rules.get(doc) ?? compile(doc);
  rules.set(doc, known);
  return known;
}

function compile({ events, watchFields, ignoreSources, condition: stored }: WebhookDoc): FiringRule {
  const condition = stored && openCondition(stored);
  return {
    events,
    watchFields,
    ignoreSources,
    condition: condition && { when: condition.when, fits: compileFilter(condition.filter) },
  };
}
