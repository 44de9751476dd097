import { describe, expect, it } from 'vitest';
import type { PlannedDelivery, PlanResult } from '../../../src/contracts/workflow.ts';
import {
  describe as describePlan,
  nameChange,
  summarize,
  summarizeWait,
} from '../../../workflows/describe.ts';
import type { Standing } from '../../../workflows/standing.ts';

const delivery: PlannedDelivery = {
  deliveryId: 'dlv_1',
  webhookId: 'whk_1',
  webhookName: 'CRM',
  method: 'POST',
  host: 'crm.example',
  state: 'pending',
};
const planOf = (edits: Partial<PlanResult>): PlanResult => ({
  tableName: 'Tasks',
  recordId: 'rec1',
  recordVersion: 2,
  eventType: 'record.updated',
  deliveries: [],
  ...edits,
});
const NONE = new Map<string, Standing>();

describe('summarize', () => {
  it('names method, host and webhook', () => {
    expect(summarize(delivery)).toBe('POST crm.example · CRM');
  });

  it('stays within the 400 bytes of a Temporal summary, whatever host and webhook are called', () => {
    const summary = summarize({
      ...delivery,
      host: `${'a'.repeat(250)}.example`,
      webhookName: '名'.repeat(100),
    });
    expect(Buffer.byteLength(JSON.stringify(summary))).toBeLessThanOrEqual(400);
    expect(summary).toMatch(/^POST a+… · 名+…$/);
  });
});

describe('summarizeWait', () => {
  it('names webhook and reason within the 400 bytes of a Temporal summary', () => {
    expect(summarizeWait(delivery, 'paused')).toBe('CRM waits: paused');
    const long = summarizeWait({ ...delivery, webhookName: '名'.repeat(100) }, 'earlier-change');
    expect(Buffer.byteLength(JSON.stringify(long))).toBeLessThanOrEqual(400);
  });
});

describe('nameChange', () => {
  it('names event, table, record and version', () => {
    expect(nameChange(planOf({}))).toBe('record.updated in Tasks, record rec1, version 2');
  });
});

describe('describe', () => {
  it('says what happened to which version of which record, and that nobody asked', () => {
    expect(describePlan(planOf({}), NONE)).toBe(
      '**record.updated** in table **Tasks**, record **rec1**, version 2\n\nNo webhook asked for it.',
    );
  });

  it('lists each webhook, with the planned state until there is another', () => {
    const other = { ...delivery, deliveryId: 'dlv_2', webhookName: 'Search' };
    const standings = new Map([['dlv_2', { state: 'failed', note: '404 from crm.example', advice: '' }]]);
    expect(
      describePlan(planOf({ deliveries: [delivery, other] }), standings)
        .split('\n')
        .slice(2),
    ).toEqual([
      '2 deliveries: 1 pending, 1 failed',
      '',
      '- **CRM** (POST crm.example) **pending** · `dlv_1`',
      '- **Search** (POST crm.example) **failed**: 404 from crm.example · `dlv_2`',
    ]);
  });

  it('says once, below them, what can be done about all in the same plight', () => {
    const deliveries = ['dlv_1', 'dlv_2', 'dlv_3'].map((deliveryId) => ({ ...delivery, deliveryId }));
    const standings = new Map([
      ['dlv_1', { state: 'failed', note: '', advice: 'send it again' }],
      ['dlv_2', { state: 'failed', note: '', advice: 'send it again' }],
      ['dlv_3', { state: 'delivered', note: '', advice: '' }],
    ]);
    const lines = describePlan(planOf({ deliveries }), standings).split('\n');
    expect(lines[2]).toBe('3 deliveries: 2 failed, 1 delivered');
    expect(lines.slice(-4)).toEqual(['', '**What now**', '', '- *failed*: send it again']);
  });

  it('says in which delivery a change went out that was merged into another', () => {
    const merged = [{ webhookName: 'A*B', deliveryId: 'dlv_9' }];
    const ofPlan = (plan: PlanResult) => describePlan(plan, NONE).split('\n').slice(2);
    expect(ofPlan(planOf({ merged }))).toEqual(['- **A\\*B** merged into `dlv_9`']);
    expect(ofPlan(planOf({ merged, deliveries: [delivery] }))).toEqual([
      '- **CRM** (POST crm.example) **pending** · `dlv_1`',
      '- **A\\*B** merged into `dlv_9`',
    ]);
  });

  it('escapes what markdown would read as markup, and breaks no line', () => {
    const webhookName = '**[x](http://evil)**\n# `code` <b> | ~no~ a_b!';
    const text = describePlan(planOf({ deliveries: [{ ...delivery, webhookName }] }), NONE);
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toContain(
      '- **\\*\\*\\[x\\]\\(http://evil\\)\\*\\* \\# \\`code\\` \\<b\\> \\| \\~no\\~ a\\_b\\!** (POST',
    );
  });

  it('escapes table, record and answer too', () => {
    const standings = new Map([['dlv_1', { state: 'retrying', note: 'a*b', advice: '' }]]);
    const plan = planOf({ tableName: 'a_b', recordId: 'c`d', deliveries: [delivery] });
    const text = describePlan(plan, standings);
    for (const escaped of ['**a\\_b**', '**c\\`d**', ': a\\*b ·']) expect(text).toContain(escaped);
  });

  it('keeps a name of full length', () => {
    const webhookName = 'n'.repeat(100);
    expect(describePlan(planOf({ deliveries: [{ ...delivery, webhookName }] }), NONE)).toContain(webhookName);
  });
});
