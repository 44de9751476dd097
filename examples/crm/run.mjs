import { randomBytes } from 'node:crypto';
import { orThrow } from 'tablehook/client';
import { isMain, tell } from '../support/main.mjs';
import { findFreePort } from '../support/serve.mjs';
import { check, connect, summary, untilDeliveries } from '../support/tablehook.mjs';
import { startCrm } from './crm.mjs';

/**
 * A new customer record updates a CRM.
 * @param {{ url: string, apiKey: string, log?: (line: string) => void }} target
 */
export async function runStory({ url, apiKey, log = () => {} }) {
  const tablehook = connect({ url, apiKey });
  const token = randomBytes(24).toString('base64url');
  const port = await findFreePort();

  const table = await orThrow(
    tablehook.POST('/v1/tables', {
      body: {
        name: 'Customers',
        fields: [
          { name: 'Name', type: 'text' },
          { name: 'Email', type: 'text' },
        ],
      },
    }),
  );
  log(`table     ${table.id} Customers`);

  const webhook = await orThrow(
    tablehook.POST('/v1/tables/{tableId}/webhooks', {
      params: { path: { tableId: table.id } },
      body: {
        name: 'CRM',
        url: `http://127.0.0.1:${port}/customers`,
        events: ['record.created'],
        // Kept encrypted, and never shown again.
        headers: [{ name: 'Authorization', value: `Bearer ${token}`, secret: true }],
      },
    }),
  );
  log(`webhook   ${webhook.id} calls ${webhook.url} on record.created, with a secret Authorization header`);

  const crm = await startCrm({ port, secret: webhook.secret, token, log });
  try {
    const record = await orThrow(
      tablehook.POST('/v1/tables/{tableId}/records', {
        params: { path: { tableId: table.id } },
        body: {
          values: { Name: 'Ada Lovelace', Email: 'ada@example.com' },
          operatorId: 'sales',
        },
      }),
    );
    log(`record    ${record.id} Ada Lovelace, written by sales`);

    const change = await untilDeliveries(tablehook, record.changeId);
    log(`outcome   ${summary(change)}`);
    log(`Temporal  ${change.workflow?.url ?? change.workflow?.id}`);
    check(change.deliveries[0].state === 'delivered', `the delivery is ${summary(change)}`);
    check(crm.customers()[0]?.email === 'ada@example.com', 'the CRM does not have Ada');
    return { change, customers: crm.customers() };
  } finally {
    await crm.close();
  }
}

if (isMain(import.meta.url)) await tell(runStory);
