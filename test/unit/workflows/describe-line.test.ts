import { describe, expect, it } from 'vitest';
import type { WakeStepResult } from '../../../src/contracts/workflow.ts';
import { MOST_COUNTED } from '../../../src/domain/most-counted.ts';
import { describeLine, describeReplay } from '../../../workflows/describe-line.ts';

const stepOf = (edits: Partial<WakeStepResult>): WakeStepResult => ({
  webhook: { name: 'A*B', method: 'PUT', host: 'crm.example', tableId: 'tbl_1' },
  waiting: 1_022,
  summary: '41 let go',
  outcomes: {},
  next: { kind: 'done' },
  ...edits,
});
const linesOf = (edits: Partial<WakeStepResult>) =>
  describeLine({ webhookId: 'whk_1' }, stepOf(edits)).split('\n');

describe('describeLine', () => {
  it('says whose line it is, what was done, how many wait and what comes next', () => {
    expect(linesOf({ next: { kind: 'wait', at: '2026-11-24T18:07:36.447Z' } }).slice(0, 5)).toEqual([
      'The line of **A\\*B** (PUT crm.example), webhook `whk_1`: its deliveries that are held back',
      '',
      '- last step: 41 let go',
      '- waiting: 1,022 deliveries',
      '- next: another step at 2026-11-24 18:07:36 UTC, or when something changes',
    ]);
  });

  it('says when it has nothing to do, and when it goes on at once', () => {
    expect(linesOf({})).toContain('- next: nothing to do; another run begins when there is');
    expect(linesOf({ next: { kind: 'again' } })).toContain('- next: another step, at once');
  });

  it('says that there are more than were counted', () => {
    expect(linesOf({ waiting: MOST_COUNTED })).toContain('- waiting: at least 10,000 deliveries');
  });

  it('tells of a webhook that was deleted, and of a step of an earlier version, by id alone', () => {
    const step: WakeStepResult = { summary: '3 cancelled', outcomes: {}, next: { kind: 'again' } };
    const text = describeLine({ webhookId: 'whk_1' }, step);
    expect(text).toContain('The line of webhook `whk_1`: ');
    expect(text).not.toContain('waiting:');
  });
});

describe('describeReplay', () => {
  it('says whose deliveries it puts in line, how far it came, and where they are sent from', () => {
    const webhook = { id: 'whk_1', tableId: 'tbl_1' };
    const step = { summary: '1 of 2 put in line', webhook, next: { kind: 'again', afterMs: 0 } as const };
    const text = describeReplay({ replayId: 'rpl_1' }, step);
    expect(text).toContain('The replay `rpl_1`: puts deliveries in the line of the webhook `whk_1`');
    expect(text).toContain('- 1 of 2 put in line\n- next: the next batch');
    expect(text).toContain('`wake/whk_1`');
    expect(describeReplay({ replayId: 'rpl_1' }, { ...step, next: { kind: 'done' } })).toContain(
      'it has ended',
    );
  });
});
