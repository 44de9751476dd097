import type { CallLog } from './call-log.ts';
import { startCallLog } from './call-log.ts';
import type { Script, Step } from './order-script.ts';
import { settleInOrder } from './order-oracle.ts';
import type { OrderedWebhook } from './ordered-webhook.ts';
import { createOrderedWebhook } from './ordered-webhook.ts';
import type { Tablehook } from './tablehook.ts';
import { until } from './until.ts';

/** How long calls are waited for that may never come, since the webhook is paused for instance. */
const LISTEN_MS = 150;
/** By then all must be settled when the noise is over. */
const QUIET_MS = 60_000;

export interface RunScriptOptions {
  delivery?: object;
  /** Workers besides the first; runs add to them and stop them. */
  workers: Awaited<ReturnType<Tablehook['addWorker']>>[];
}

interface Run extends RunScriptOptions {
  tablehook: Tablehook;
  endpoint: CallLog;
  ordered: OrderedWebhook;
  recordIds: string[];
  /** Workers on their way down. */
  stopping: Promise<void>[];
}

/** Runs a script against a new ordered webhook, ends the noise, and holds what happened against the promise of order. */
export async function runScript(
  tablehook: Tablehook,
  { records, behaviours, steps }: Script,
  options: RunScriptOptions,
): Promise<void> {
  const endpoint = await startCallLog();
  const ordered = await createOrderedWebhook(tablehook, endpoint, {
    ...(options.delivery && { delivery: options.delivery }),
    retry: { timeoutMs: 250 },
  });
  endpoint.next(...behaviours);
  const created = Array.from({ length: records }, async () => tablehook.createRecord(ordered.tableId));
  const recordIds = (await Promise.all(created)).map(({ id }) => id);
  const run: Run = { ...options, tablehook, endpoint, ordered, recordIds, stopping: [] };
  for (const [index, step] of steps.entries()) await take(run, step, String(index));
  await endNoise(run);
  await settleInOrder(tablehook, endpoint, { webhookId: ordered.webhook.id, timeoutMs: QUIET_MS });
  await Promise.all(run.stopping);
  await endpoint.close();
}

async function endNoise({ endpoint, ordered }: Run): Promise<void> {
  endpoint.always({ kind: 'answer', status: 200 });
  await ordered.patch({ enabled: true });
  await ordered.tell('resume');
}

async function take(run: Run, step: Step, title: string): Promise<void> {
  const { ordered, recordIds } = run;
  if (step.kind === 'pause') return ordered.tell('pause');
  if (step.kind === 'resume') {
    const { ratePerSecond } = step;
    return ordered.tell('resume', ratePerSecond === null ? {} : { ratePerSecond });
  }
  if (step.kind === 'disable') return ordered.patch({ enabled: false });
  if (step.kind === 'enable') return ordered.patch({ enabled: true });
  if (step.kind === 'edit') return ordered.patch({ retry: { initialMs: step.initialMs } });
  if (step.kind === 'listen') return listen(run, step.calls);
  if (step.kind === 'startWorker') return startWorker(run);
  if (step.kind === 'stopWorker') return stopWorker(run);
  if (step.kind === 'burst') {
    const edits = Array.from({ length: step.times }, async (_, index) =>
      ordered.edit(recordIds[step.record] ?? '', `${title}.${index}`),
    );
    await Promise.all(edits);
    return undefined;
  }
  const ids = step.records.map((index) => recordIds[index] ?? '');
  if (step.together) return ordered.editTogether(ids, title);
  await Promise.all(ids.map(async (id) => ordered.edit(id, title)));
  return undefined;
}

async function listen({ endpoint }: Run, count: number): Promise<void> {
  const goal = endpoint.calls.length + count;
  await until(async () => endpoint.calls.length >= goal, { timeoutMs: LISTEN_MS }).catch(() => undefined);
}

/** At most two besides the first. */
async function startWorker({ tablehook, workers }: Run): Promise<void> {
  if (workers.length < 2) workers.push(await tablehook.addWorker());
}

/** Cuts off what it still calls after its grace, while the script goes on. */
async function stopWorker({ workers, stopping }: Run): Promise<void> {
  const worker = workers.shift();
  if (worker) stopping.push(worker.stop());
}
