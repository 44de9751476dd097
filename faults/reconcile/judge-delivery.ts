import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { EventBody } from '../../src/contracts/event-body.ts';
import type { DeliveryDoc } from '../../src/models/delivery.ts';
import type { LoggedCall } from '../receiver/messages.ts';
import type { Finding } from './facts.ts';
import type { KnownChange } from './known-changes.ts';

/** What a delivery must tell: a change, or what several come to. */
export type Told = Pick<
  KnownChange,
  'changeId' | 'recordId' | 'version' | 'type' | 'operatorId' | 'previous' | 'record'
>;

export interface JudgeDeliveryInput {
  delivery: DeliveryDoc;
  told: Told;
  /** Of this delivery. */
  calls: readonly LoggedCall[];
}

/** Holds a delivery that is owed against what it must tell and what the endpoint took. Empty when all is well. */
export function judgeDelivery({ delivery, told, calls }: JudgeDeliveryInput): Finding[] {
  const { _id, state, waitReason, failureReason, cancelReason, body, attemptCount } = delivery;
  const name = `${_id} of ${told.recordId} v${told.version} to ${delivery.webhookName}`;
  const findings: Finding[] = [];
  const add = (kind: Finding['kind'], what: string) => void findings.push({ kind, what: `${name} ${what}` });
  if (state !== 'delivered') {
    const why = waitReason ?? failureReason ?? cancelReason ?? '';
    add('lost', `is ${state} ${why} after ${attemptCount} attempts`);
  }
  if (state === 'delivered' && !calls.some(isTaken))
    add('lost', 'is delivered and the endpoint never took it');
  const hash = createHash('sha256').update(body).digest('hex');
  if (calls.some((call) => call.hash !== hash)) add('wrong', 'came with other bytes');
  if (!isTelling(body, told)) add('wrong', `tells another thing: ${body}`);
  return findings;
}

/** Whether the endpoint had it: the call was genuine, and was going to be told so. */
export function isTaken({ signature, said }: LoggedCall): boolean {
  return signature === 'valid' && said !== null && said >= 200 && said < 300;
}

function isTelling(body: string, told: Told): boolean {
  const event = JSON.parse(body) as EventBody;
  const [item] = event.items;
  if (!item || event.items.length !== 1) return false;
  return (
    event.id === told.changeId &&
    event.type === told.type &&
    event.operatorId === told.operatorId &&
    item.recordId === told.recordId &&
    item.recordVersion === told.version &&
    isDeepStrictEqual(item.previous, told.previous) &&
    isDeepStrictEqual(item.record, told.record) &&
    isDeepStrictEqual(namesOf(item.changes), differing(told))
  );
}

function namesOf(changes: EventBody['items'][number]['changes']): string[] {
  return changes.map(({ fieldName }) => fieldName).toSorted();
}

function differing({ previous, record }: Told): string[] {
  const names = new Set([...Object.keys(previous ?? {}), ...Object.keys(record ?? {})]);
  return [...names].filter((name) => previous?.[name] !== record?.[name]).toSorted();
}
