import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDocument } from '../../support/documents.ts';
import type { RanDocument } from '../../support/run-document.ts';
import { runDocument } from '../../support/run-document.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('docs/guides/from-undb.md', () => {
  let tablehook: Tablehook;
  let ran: RanDocument;
  beforeAll(async () => {
    tablehook = await startTablehook();
    ran = await runDocument(tablehook, await findDocument('docs/guides/from-undb.md'));
  });
  afterAll(async () => {
    await ran?.stop();
    await tablehook.stop();
  });

  it('moves a webhook: what was loaded is not told, what was written while it was paused is', async () => {
    const query = `webhookId=${ran.variable('WEBHOOK')}&recordId=${ran.variable('RECORD')}`;
    expect(await tablehook.listDeliveries(query)).toMatchObject([
      { eventType: 'record.updated', recordVersion: 2, state: 'delivered', attemptCount: 1 },
    ]);
    expect(ran.output()).toContain('"wouldFire":true');
  });

  it('gives an old receiver the body it knows', async () => {
    const path = `/v1/webhooks/${ran.variable('WEBHOOK')}/test`;
    const recordId = ran.variable('RECORD');
    const tested = await tablehook.call<{ request: { body: string } }>('POST', path, { recordId });
    expect(JSON.parse(tested.body.request.body)).toMatchObject({
      event: {
        name: 'record.updated',
        payload: {
          id: recordId,
          tableId: ran.variable('TABLE'),
          previous: { values: { Name: 'Acme', Stage: 'open', Amount: 5000 } },
          record: { values: { Name: 'Acme', Stage: 'won', Amount: 5000 } },
        },
      },
    });
  });

  it('reports a change of a record that stays in undb, and tells of it', async () => {
    const deliveries = async () => tablehook.listDeliveries('recordId=recK2m9QxZw');
    const reported = { webhookName: 'Won deals', eventType: 'record.updated', state: 'delivered' };
    await expect.poll(deliveries).toMatchObject([reported]);
  });
});
