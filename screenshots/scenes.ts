import type { Stage } from './stage.ts';

/** The workflows whose pages are taken, by what they show. */
export interface Scenes {
  delivered: string;
  retrying: string;
  paused: string;
  ordered: string;
  circuit: string;
  line: string;
  failed: string;
  shared: string;
}

/** The first retry is so far away that it does not come. */
const LATER = { initialMs: 1_800_000, jitter: 0 };
/** Fails five times within 12 s, which opens the circuit. */
const SOON = { initialMs: 2_500, factor: 1, jitter: 0 };

/** Brings about one of each, one after the other: changes that come together would share a workflow. */
export async function playScenes(stage: Stage): Promise<Scenes> {
  const scenes = {
    delivered: await deliver(stage),
    retrying: await retry(stage),
    paused: await hold(stage),
    ordered: await order(stage),
    failed: await fail(stage),
    shared: await share(stage),
  };
  return { ...scenes, ...(await openCircuit(stage)) };
}

async function deliver(stage: Stage): Promise<string> {
  const tableId = await stage.createTable('Customers');
  await stage.createWebhook(tableId, { name: 'CRM' });
  await stage.createWebhook(tableId, { name: 'Newsletter' });
  const { changeId } = await stage.write(tableId, 'Ana');
  return stage.whenDelivery(changeId, { state: 'delivered' });
}

async function retry(stage: Stage): Promise<string> {
  const tableId = await stage.createTable('Orders');
  await stage.createWebhook(tableId, { name: 'CRM' });
  await stage.createWebhook(tableId, { name: 'Search index', statusOf: () => 503, retry: LATER });
  const { changeId } = await stage.write(tableId, 'Two chairs');
  return stage.whenDelivery(changeId, { state: 'retrying' });
}

async function hold(stage: Stage): Promise<string> {
  const tableId = await stage.createTable('Tasks');
  await stage.createWebhook(tableId, { name: 'CRM' });
  await stage.pause(await stage.createWebhook(tableId, { name: 'Project tool' }));
  const { changeId } = await stage.write(tableId, 'Ship');
  return stage.whenDelivery(changeId, { state: 'waiting', waitReason: 'paused' });
}

async function order(stage: Stage): Promise<string> {
  const tableId = await stage.createTable('Invoices');
  const delivery = { order: 'record' };
  await stage.createWebhook(tableId, { name: 'Ledger', statusOf: () => 503, retry: LATER, delivery });
  const { recordId, changeId } = await stage.write(tableId, 'Draft');
  await stage.whenDelivery(changeId, { state: 'retrying' });
  const later = await stage.write(tableId, 'Sent', recordId);
  return stage.whenDelivery(later.changeId, { state: 'waiting', waitReason: 'earlier-change' });
}

async function openCircuit(stage: Stage): Promise<{ circuit: string; line: string }> {
  const tableId = await stage.createTable('Shipments');
  const webhookId = await stage.createWebhook(tableId, {
    name: 'Warehouse',
    statusOf: () => 503,
    retry: SOON,
  });
  const { changeId } = await stage.write(tableId, 'Parcel 7');
  const circuit = await stage.whenDelivery(changeId, { state: 'waiting', waitReason: 'circuit-open' });
  return { circuit, line: `wake/${webhookId}` };
}

async function fail(stage: Stage): Promise<string> {
  const tableId = await stage.createTable('Contacts');
  await stage.createWebhook(tableId, { name: 'CRM' });
  await stage.createWebhook(tableId, { name: 'Mailing list', statusOf: () => 404 });
  const { changeId } = await stage.write(tableId, 'Ben');
  return stage.whenDelivery(changeId, { state: 'failed' });
}

/** Of records that come together the first one's change has a workflow of its own, the others share one. */
async function share(stage: Stage): Promise<string> {
  const tableId = await stage.createTable('Stock');
  const statusOf = (body: string) => (body.includes('"Lamp 3"') ? 503 : 200);
  await stage.createWebhook(tableId, { name: 'Shop', statusOf, retry: LATER });
  const titles = Array.from({ length: 8 }, (_, index) => `Lamp ${index}`);
  const changeIds = await stage.writeAll(tableId, titles);
  for (const [index, changeId] of changeIds.entries()) {
    await stage.whenDelivery(changeId, { state: index === 3 ? 'retrying' : 'delivered' });
  }
  return stage.whenDelivery(changeIds.at(-1) ?? '', { state: 'delivered' });
}
