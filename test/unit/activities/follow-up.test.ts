import { describe, expect, it, vi } from 'vitest';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { followUp } from '../../../activities/follow-up.ts';

describe('followUp', () => {
  it('tells of a failure, also when the next version could not be woken', async () => {
    const tell = vi.fn(async () => undefined);
    const deliveries = {
      findOne: () => {
        throw new Error('away');
      },
    };
    const services = { models: { deliveries }, clock: () => new Date() };
    const deps: unknown = { services, workflows: {}, events: { tell } };
    const delivery = {
      _id: 'dlv_1',
      tableId: 'tbl_1',
      webhookId: 'whk_1',
      webhookName: 'CRM',
      recordId: 'rec_1',
      ordered: true,
      hops: 1,
      owedSince: new Date(),
    };
    const result = { attemptCount: 1, lastStatus: 404, summary: '404 from crm.example (attempt 1)' };
    await expect(
      followUp(deps as ActivityDeps, delivery, { kind: 'settled', state: 'failed', ...result }),
    ).rejects.toThrow('away');
    expect(tell).toHaveBeenCalledOnce();
  });
});
