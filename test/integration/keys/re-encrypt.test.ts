import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { composeServices } from '../../../src/compose.ts';
import { parseConfig } from '../../../src/config.ts';
import type { Models } from '../../../src/models/models.ts';
import { createSecretBox, generateSecretKey } from '../../../src/secret-box.ts';
import { countSealed } from '../../../src/services/keys/count-sealed.ts';
import { reEncrypt } from '../../../src/services/keys/re-encrypt.ts';
import { requireKeys } from '../../../src/services/keys/require-keys.ts';
import { openWebhook } from '../../../src/services/webhooks/secrets.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const OLD = generateSecretKey('old');
const NEW = generateSecretKey('new');

describe('sealing with another key', () => {
  const rotating = createSecretBox([NEW, OLD]);
  let tablehook: Tablehook;
  let models: Models;

  beforeAll(async () => {
    tablehook = await startTablehook({ env: { SECRET_KEYS: OLD } });
    ({ models } = tablehook.services);
  });
  beforeEach(async () => {
    await models.webhooks.deleteMany();
    await models.webhookTests.deleteMany();
    await models.idempotencyKeys.deleteMany();
  });
  afterAll(async () => {
    await tablehook.stop();
  });

  /** A webhook with something sealed in every place, a test of it, and an answer kept for an Idempotency-Key. */
  const arrange = async () => {
    const receiver = await startReceiver();
    const table = await tablehook.createTable();
    const headers = [
      { name: 'x-plain', value: 'open' },
      { name: 'x-secret', value: 'hidden', secret: true },
    ];
    const webhook = await tablehook.createWebhook(table.id, { url: `${receiver.url}/T0KEN`, headers });
    const rotate = `/v1/webhooks/${webhook.id}/rotate-secret`;
    const { body: rotated } = await tablehook.call<{ secret: string }>(
      ...(['POST', rotate, { overlapSeconds: 3_600 }, { 'idempotency-key': `${randomUUID()}.old` }] as const),
    );
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/test`);
    await receiver.close();
    return { webhook, url: `${receiver.url}/T0KEN`, secrets: [rotated.secret, webhook.secret] };
  };

  const counts = async () =>
    Object.fromEntries(
      (await countSealed(models)).map(({ collection, keyId, count }) => [`${collection} ${keyId}`, count]),
    );

  it('seals every place anew, and changes nothing else', async () => {
    const { webhook, url, secrets } = await arrange();
    const read = async () => models.webhooks.findOne({ _id: webhook.id }).lean().orFail();
    const before = await read();
    expect(await counts()).toEqual({ 'webhooks old': 4, 'webhooktests old': 2, 'idempotencykeys old': 1 });
    const dry = await reEncrypt({ models, secretBox: rotating }, { dryRun: true });
    expect(dry.map(({ collection, documents }) => [collection, documents])).toEqual([
      ['webhooks', 1],
      ['webhooktests', 1],
      ['idempotencykeys', 1],
    ]);
    expect(await read()).toEqual(before);

    const done = await reEncrypt({ models, secretBox: rotating }, { dryRun: false });
    expect(done).toEqual(dry);
    expect(await counts()).toEqual({ 'webhooks new': 4, 'webhooktests new': 2, 'idempotencykeys new': 1 });
    const after = await read();
    const opened = openWebhook(createSecretBox([NEW]), after, new Date());
    expect(opened).toMatchObject({ url, secrets });
    expect(opened.headers.map(({ value }) => value)).toEqual(['open', 'hidden']);
    const { url: _u, secret: _s, previousSecrets: _p, headers: _h, ...rest } = before;
    expect(after).toMatchObject(rest);
    const again = await reEncrypt({ models, secretBox: rotating }, { dryRun: false });
    expect(again.map(({ documents }) => documents)).toEqual([0, 0, 0]);
  });

  it('goes through many documents', async () => {
    const { webhook } = await arrange();
    const doc = await models.idempotencyKeys.findOne().lean().orFail();
    const box = createSecretBox([OLD]);
    const many = Array.from({ length: 1_203 }, (_, index) => ({
      ...{ ...doc, _id: `${webhook.id}:${index}` },
      response: box.seal(`"${index}"`, `${webhook.id}:${index}`),
    }));
    await models.idempotencyKeys.insertMany(many);
    const done = await reEncrypt({ models, secretBox: rotating }, { dryRun: false });
    expect(done.map(({ documents }) => documents)).toEqual([1, 1, 1_204]);
    expect(await models.idempotencyKeys.countDocuments({ response: /^new\./ })).toBe(1_204);
  });

  it('lets an edit win that comes in between, and looks again', async () => {
    const { webhook } = await arrange();
    const edited = createSecretBox([OLD]).seal('http://elsewhere.example/', `${webhook.id} url`);
    const { collection } = models.webhooks;
    const write = collection.bulkWrite.bind(collection);
    const interfered = vi.spyOn(collection, 'bulkWrite').mockImplementationOnce(async (...update) => {
      await models.webhooks.updateOne({ _id: webhook.id }, { $set: { url: edited } });
      return write(...update);
    });
    const [webhooks] = await reEncrypt({ models, secretBox: rotating }, { dryRun: false });
    expect(interfered).toHaveBeenCalledTimes(2);
    interfered.mockRestore();
    expect(webhooks).toMatchObject({ documents: 1, overtaken: 0 });
    const doc = await models.webhooks.findOne({ _id: webhook.id }).lean().orFail();
    expect(openWebhook(createSecretBox([NEW]), doc, new Date()).url).toBe('http://elsewhere.example/');
  });

  it('leaves what does not open, says where it is and seals the rest', async () => {
    const { webhook } = await arrange();
    const gone = createSecretBox([generateSecretKey('gone')]).seal('x', `${webhook.id} url`);
    await models.webhooks.updateOne({ _id: webhook.id }, { $set: { url: gone } });
    const [webhooks] = await reEncrypt({ models, secretBox: rotating }, { dryRun: false });
    expect(webhooks).toEqual({
      ...{ collection: 'webhooks', documents: 1, overtaken: 0, unopened: 1 },
      examples: [
        { id: webhook.id, path: 'url', reason: 'SECRET_KEYS lacks the key "gone" that sealed a secret.' },
      ],
    });
    expect(await counts()).toMatchObject({ 'webhooks gone': 1, 'webhooks new': 3 });
    expect((await models.webhooks.findOne({ _id: webhook.id }).lean())?.url).toBe(gone);
  });

  describe('a process that starts', () => {
    const start = async (...keys: string[]) => {
      const uri = new URL(inject('mongodbUri'));
      uri.pathname = `/${models.connection.name}`;
      const config = parseConfig('standalone', { SECRET_KEYS: keys.join(',') });
      const services = await composeServices(config, uri.href);
      await services.models.connection.close();
    };

    it('does so without webhooks whatever its key, and with the key that sealed them', async () => {
      await start(NEW);
      await arrange();
      await start(NEW, OLD);
      await start(OLD);
    });

    it('refuses to without a key that sealed a webhook, unless it is given as lost', async () => {
      await arrange();
      await expect(start(NEW)).rejects.toThrow(
        'SECRET_KEYS lacks the key "old", which sealed 4 secrets of webhooks.',
      );
      await start(NEW, 'old:lost');
    });

    it('does so while what it looks at is being sealed anew', async () => {
      await arrange();
      const { webhooks } = models;
      const aggregate = webhooks.aggregate.bind(webhooks);
      vi.spyOn(webhooks, 'aggregate').mockImplementationOnce((...count) => {
        const counting = aggregate(...count);
        const counted = counting.exec.bind(counting);
        return Object.assign(counting, {
          exec: async () => {
            const groups = await counted();
            await reEncrypt({ models, secretBox: rotating }, { dryRun: false });
            return groups;
          },
        });
      });
      await requireKeys({ models, secretBox: rotating });
      expect(await counts()).toMatchObject({ 'webhooks new': 4 });
    });

    it('refuses to with another key of the same name, and not for one damaged secret', async () => {
      const { webhook } = await arrange();
      await expect(start(generateSecretKey('old'))).rejects.toThrow(
        'The key "old" in SECRET_KEYS is not the one of that name which sealed 4 secrets of webhooks.',
      );
      await models.webhooks.updateOne({ _id: webhook.id }, { $set: { url: 'old.damaged' } });
      await start(OLD);
    });
  });
});
