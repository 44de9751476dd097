import { randomBytes } from 'node:crypto';
import type { Express } from 'express';
import express from 'express';
import { newId } from '../../src/services/id.ts';
import type { BaselineChange, Store } from './store.ts';
import { writeRecord } from './store.ts';

/** What a baseline does with a change once it is committed; a write is answered when the promise resolves. */
export type OnCommitted = (change: BaselineChange) => Promise<void>;

interface BatchBody {
  operations: { op: string; values: Record<string, unknown> }[];
}

/** The few routes a bench calls, with the shapes of Tablehook's, and nothing of its validation. */
export function createBaselineApp(store: Store, onCommitted: OnCommitted): Express {
  const app = express();
  app
    .disable('x-powered-by')
    .disable('etag')
    .use(express.json({ limit: '32mb' }));
  app.get('/readyz', (_req, res) => {
    res.json({ status: 'ready' });
  });
  app.post('/v1/tables', (_req, res) => {
    res.status(201).json({ id: newId('tbl') });
  });
  app.post('/v1/tables/:tableId/webhooks', async (req, res) => {
    const { url, events } = req.body as { url: string; events: string[] };
    const secret = randomBytes(32).toString('base64');
    const webhook = { _id: newId('whk'), tableId: req.params.tableId, url, secret, events };
    await store.webhooks.insertOne(webhook);
    res.status(201).json({ id: webhook._id });
  });
  // The bench creates records silently, before a load.
  app.post('/v1/tables/:tableId/records/batch', async (req, res) => {
    const { tableId } = req.params;
    const records = (req.body as BatchBody).operations.map(({ values }) => ({
      _id: newId('rec'),
      tableId,
      version: 1,
      values,
    }));
    await store.records.insertMany(records);
    res.json({ results: records.map(({ _id: id }) => ({ op: 'create', record: { id }, changeId: null })) });
  });
  app.patch('/v1/tables/:tableId/records/:recordId', async (req, res) => {
    const { values } = req.body as { values: Record<string, unknown> };
    const change = await writeRecord(store, { ...req.params, values });
    if (!change) return void res.status(404).end();
    await onCommitted(change);
    res.json({
      id: change.recordId,
      version: change.recordVersion,
      values: change.record,
      changeId: change._id,
    });
  });
  return app;
}
