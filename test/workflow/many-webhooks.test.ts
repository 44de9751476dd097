import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import type { Stage } from './stage.ts';
import { changeIdOf, openStage, SLOW_RETRY } from './stage.ts';

const DOWN = 205;

describe('a change that very many webhooks ask for', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
  });

  it('has a next attempt of every delivery pending while all endpoints are down', async () => {
    const { tablehook, temporal } = stage;
    const [down, slow] = [await stage.endpoint(), await stage.endpoint()];
    down.answerAlways({ status: 503 });
    // Fails when all others have: by then they are on the durable queue.
    slow.answerAlways((_request, response) => {
      void until(async () => down.received.length >= DOWN).then(() =>
        setTimeout(() => response.writeHead(503).end(), 1_000),
      );
    });
    const table = await tablehook.createTable();
    const retry = SLOW_RETRY;
    for (let number = 1; number <= DOWN; number += 1)
      await tablehook.createWebhook(table.id, { name: `CRM ${number}`, url: down.url, retry });
    await tablehook.createWebhook(table.id, { name: 'Search', url: slow.url, retry });
    const changeId = changeIdOf(await tablehook.createRecord(table.id));
    // Deliveries without one would sit out the time of those that have: days, with endpoints that stay down.
    expect(await temporal.whenBackingOff(changeId, DOWN + 1, 90_000)).toHaveLength(DOWN + 1);
    // One whose first attempt took too long for the fast path, on a busy machine, stands as under way.
    const details = await temporal.currentDetails(changeId);
    expect(details.match(/\*\*(retrying|delivering)\*\*/g)).toHaveLength(DOWN + 1);
  });
});
