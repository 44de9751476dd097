import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/contracts/diagnosis.ts';
import type { CreatedWebhook } from '../../../src/contracts/webhook.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import type { TemporalView } from '../../support/temporal.ts';
import { viewTemporal } from '../../support/temporal.ts';
import { runCommand } from '../../support/run-command.ts';
import { until } from '../../support/until.ts';

const LONG_AGO = new Date('2026-01-01T00:00:00.000Z');

describe('the diagnosis', () => {
  let tablehook: Tablehook;
  let temporal: TemporalView;
  let receiver: Receiver;
  let tableId: string;

  beforeEach(async () => {
    receiver = await startReceiver();
    tableId = (await tablehook.createTable()).id;
  });
  afterEach(async () => receiver.close());
  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 3_600_000 });
    temporal = await viewTemporal();
  });
  afterAll(async () => {
    await temporal.close();
    await tablehook.stop();
  });

  const register = async (input: object = {}): Promise<CreatedWebhook> =>
    tablehook.createWebhook(tableId, { url: receiver.url, ...input });
  const diagnose = async () => (await tablehook.call<Diagnosis>('GET', '/v1/diagnosis')).body;
  const standing = ({ unsettled }: Diagnosis, name: string) => unsettled.find((one) => one.standing === name);
  const findingOf = ({ findings }: Diagnosis, id: string) =>
    findings.find(({ examples }) => examples.includes(id));
  const doctor = async (...args: string[]) =>
    runCommand(['doctor', ...args], {
      env: { TABLEHOOK_URL: tablehook.url, TABLEHOOK_API_KEY: tablehook.apiKey },
      cwd: tmpdir(),
    });

  it('finds nothing where all is settled, and doctor says so', async () => {
    const webhook = await register();
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'delivered');
    expect(await diagnose()).toMatchObject({ healthy: true, findings: [] });
    const { code, stdout } = await doctor();
    expect({ code, stdout: stdout.trim() }).toEqual({
      code: 0,
      stdout: 'Everything is settled.\n\nNothing is wrong.',
    });
  });

  it('counts what waits for a paused webhook, which is no problem', async () => {
    const webhook = await register({ name: 'Ledger' });
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`, { reason: 'moving house' });
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    const diagnosis = await diagnose();
    expect(diagnosis.healthy).toBe(true);
    expect(standing(diagnosis, 'waiting')).toMatchObject({ count: 1, oldestChangeId: changeId });
    expect(findingOf(diagnosis, webhook.id)).toMatchObject({
      code: 'webhook-paused',
      severity: 'notice',
      summary: expect.stringMatching(
        /^The webhook "Ledger" \(127.0.0.1:\d+\) is paused, and 1 delivery waits for it. The reason given: "moving house".$/,
      ),
    });
    expect((await doctor()).stdout).toMatch(/waiting +1 +\d+ (ms|s) +chg_\w+ +deliveries held back/);
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/resume`);
    await tablehook.deliveryOf(changeId, webhook.id, 'delivered');
  });

  it('finds a delivery that is neither attempted nor waiting, exports it, and doctor ends with 1', async () => {
    receiver.answerAlways({ status: 503 });
    const webhook = await register({ retry: { initialMs: 3_600_000, jitter: 0 } });
    const { changeId } = await tablehook.createRecord(tableId);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    expect(standing(await diagnose(), 'retrying')).toMatchObject({ count: 1, oldestChangeId: changeId });
    const { deliveries } = tablehook.services.models;
    // An activity that does not wait yet would see that it is due, and settle it.
    await temporal.whenBackingOff(changeId ?? '');
    await deliveries.updateOne({ _id: id }, { $set: { nextAttemptAt: LONG_AGO, owedSince: LONG_AGO } });
    const diagnosis = await diagnose();
    expect(diagnosis.healthy).toBe(false);
    expect(standing(diagnosis, 'overdue')).toMatchObject({ count: 1, oldestChangeId: changeId });
    expect(diagnosis.findings).toContainEqual(
      expect.objectContaining({ code: 'deliveries-overdue', severity: 'problem', examples: [id] }),
    );
    const metrics = await (await fetch(`${tablehook.url}/metrics`)).text();
    expect(metrics).toMatch(/^tablehook_unsettled\{standing="overdue"\} 1$/m);
    expect(metrics).toMatch(/^tablehook_oldest_unsettled_change_seconds\{standing="overdue"\} \d+$/m);
    expect(metrics).toMatch(/^tablehook_oldest_unsettled_change_seconds\{standing="waiting"\} 0$/m);
    const { code, stdout, stderr } = await doctor();
    expect({ code, stderr: stderr.trim() }).toEqual({ code: 1, stderr: 'tablehook: 1 problem' });
    expect(stdout).toContain(`see ${id}`);
    await tablehook.call('POST', `/v1/deliveries/${id}/cancel`);
  });

  it('finds a change that nobody plans', async () => {
    const { models } = tablehook.services;
    const webhook = await register();
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'delivered');
    // In somebody's hands for ever, who died.
    const edits = { state: 'pending' as const, createdAt: LONG_AGO, claimedUntil: new Date('2100-01-01') };
    await models.changes.updateOne({ _id: changeId ?? '' }, { $set: edits });
    const diagnosis = await diagnose();
    expect(standing(diagnosis, 'not-planned')).toMatchObject({ count: 1, oldestChangeId: changeId });
    expect(diagnosis.findings).toMatchObject([{ code: 'changes-not-planned', examples: [changeId] }]);
    await models.changes.updateOne(
      { _id: changeId ?? '' },
      { $set: { state: 'planned', claimedUntil: null } },
    );
  });

  it('names webhooks that a person has to see to', async () => {
    receiver.answerAlways({ status: 410 });
    const webhook = await register();
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    const gone = await until(async () => findingOf(await diagnose(), webhook.id) ?? null);
    expect(gone).toMatchObject({ code: 'webhook-gone', severity: 'problem' });
    expect(gone?.summary).toContain('410 Gone');
    await tablehook.call('DELETE', `/v1/webhooks/${webhook.id}`);
    expect((await diagnose()).findings).toEqual([]);
  });

  it('is not for a key that is bound to tables, nor for one without the scope', async () => {
    const bound = await tablehook.createKey({ name: 'bound', scopes: ['admin'], tables: [tableId] });
    const reader = await tablehook.createKey({ name: 'reader', scopes: ['deliveries:read'] });
    for (const { key } of [bound, reader]) {
      expect((await tablehook.as(key).call('GET', '/v1/diagnosis')).status).toBe(403);
    }
  });
});
