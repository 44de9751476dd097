import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contracts/problem.ts';
import type { WebhookTest } from '../../src/contracts/webhook-test.ts';
import type { Receiver } from '../support/receiver.ts';
import { hang, startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

describe('the test of a webhook, whose worker', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  beforeEach(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const register = async (timeoutMs: number) => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url, retry: { timeoutMs } });
    return `/v1/webhooks/${webhook.id}/test`;
  };

  it('does not run, is 503, says so, and calls nobody, then or later', async () => {
    const path = await register(100);
    await tablehook.worker.stop();
    const { status, body, headers } = await tablehook.call<Problem>('POST', path);
    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect(body.detail).toContain('A worker may not be running');
    expect(headers.get('retry-after')).not.toBeNull();
    await tablehook.addWorker();
    expect((await tablehook.call('POST', path)).status).toBe(200);
    expect(receiver.received).toHaveLength(1);
  });

  it('is shut down during the call, says that it was interrupted, and is not made again', async () => {
    const path = await register(20_000);
    receiver.answerAlways(hang);
    const pending = tablehook.call<WebhookTest>('POST', path);
    await until(async () => receiver.received.length === 1, { what: 'the call' });
    await tablehook.worker.stop();
    await tablehook.addWorker();
    const { status, body } = await pending;
    expect([status, body.outcome, body.errorCode]).toEqual([200, 'interrupted', 'aborted']);
    expect(receiver.received).toHaveLength(1);
  });
});
