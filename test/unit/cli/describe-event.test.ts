import { describe, expect, it } from 'vitest';
import { describeHeard } from '../../../src/cli/describe-event.ts';
import type { Heard } from '../../../src/cli/listen-server.ts';
import { createPaint } from '../../../src/cli/paint.ts';
import type { EventBody } from '../../../src/contracts/event-body.ts';
import { newEventBody } from '../../support/signed-event.ts';

const plain = createPaint(false);
const [ITEM] = newEventBody().items as [EventBody['items'][number]];

function heard(edits: Partial<Heard>): string {
  const event = edits.event ?? newEventBody();
  return describeHeard(plain, {
    receivedAt: '2026-01-31T09:30:00.000Z',
    verified: true,
    reason: null,
    deliveryId: 'dlv_1',
    attempt: 2,
    hops: 1,
    replay: false,
    answered: 200,
    event,
    body: JSON.stringify(event),
    ...edits,
  });
}

describe('describeHeard', () => {
  it('says who changed what, and which delivery brought it', () => {
    const lines = heard({})
      .split('\n')
      .map((line) => line.trim());
    expect(lines[0]).toMatch(/^\d\d:30:00 {2}record\.updated {2}Tasks {2}rec_\w+ v2 {2}by ana$/);
    expect(lines.slice(1)).toEqual([
      'Status: "pending" → "completed"',
      'dlv_1  attempt 2  verified  answered 200',
    ]);
  });

  it('shows the values of a created record, and what a deleted one had', () => {
    const created = newEventBody({ type: 'record.created', items: [{ ...ITEM, previous: null }] });
    expect(heard({ event: created })).toContain('Title: "Ship", Status: "completed"');
    const deleted = newEventBody({ type: 'record.deleted', items: [{ ...ITEM, record: null }] });
    expect(heard({ event: deleted })).toContain('was Title: "Ship", Status: "pending"');
  });

  it('takes payloads that leave out what was before, or hold ids only', () => {
    const changes = [{ fieldId: 'fld_1', fieldName: 'Status', to: 'completed' }];
    const { recordId, recordVersion } = ITEM;
    const items = (item: object) => ({ ...newEventBody(), items: [{ recordId, recordVersion, ...item }] });
    expect(heard({ event: items({ record: {}, changes }) })).toContain('Status: "completed"');
    expect(heard({ event: items({}) })).toContain('v2  by ana\n');
  });

  it('shows any other body as it is, without its controls', () => {
    expect(heard({ event: { text: 'hi' }, body: '{"text":"hi\u001b[2J"}' })).toContain('{"text":"hi[2J"}');
    expect(heard({ event: null, body: '' })).toContain('(empty)');
  });

  it('gives a stranger who sends an event no way to the terminal, and no line of its own', () => {
    const evil = '\u001b]0;x\u0007\u009b2J\u202e\n09:30:00  record.created  Tasks  verified';
    const item = { recordId: evil, recordVersion: evil, record: { [evil]: evil }, changes: [] };
    const event = { type: 'record.created', operatorId: evil, table: { name: evil }, items: [item] };
    const texts = [
      heard({ verified: false, reason: 'No.', event, deliveryId: evil }),
      heard({ verified: false, reason: 'No.', event: { ...event, type: evil }, deliveryId: evil }),
      heard({ verified: false, reason: 'No.', event: null, body: evil }),
    ];
    for (const text of texts) {
      expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
      for (const line of text.split('\n').slice(1)) expect(line).toMatch(/^ {10}/);
    }
  });

  it.each([
    [{ verified: null }, 'not verified (no --secret)'],
    [{ verified: false, reason: 'No signature is right.' }, 'NOT genuine: No signature is right.'],
    [{ replay: true }, 'sent again'],
  ])('says of %j that it is so', (edits, words) => expect(heard(edits)).toContain(words));
});
