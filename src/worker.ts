import { fileURLToPath } from 'node:url';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { composeOutbound } from './compose.ts';
import type { Config } from './config.ts';
import type { Metrics } from './metrics.ts';
import type { ServiceContext } from './services/context.ts';
import { TASK_QUEUE } from './temporal/names.ts';
import type { RunningWorker } from './temporal/run-worker.ts';
import { runWorker } from './temporal/run-worker.ts';
import { version } from './version.ts';

const SWEEP_EVERY_MS = 1_000;
const RECONCILE_EVERY_MS = 10_000;
/** A process that was just started has other things to do; one that is started often still gets to it. */
const EXPIRE = { firstAfterMs: 5 * 60_000, everyMs: 60 * 60_000 };

export interface StartWorkerOptions {
  services: ServiceContext;
  connection: NativeConnection;
  logger: Logger;
  metrics: Metrics;
  /** How long calls in flight may go on at shutdown. */
  graceMs: number;
  /** `host:port` of this process's own API, which no webhook may call. */
  ownAddresses: string[];
  workflowBundle?: { codePath: string };
  taskQueue?: string;
  reconcileEveryMs?: number;
  expire?: { firstAfterMs: number; everyMs: number };
}

/** The worker of a process: wired to the guarded client, the log and the metrics. */
export async function startWorker(config: Config, options: StartWorkerOptions): Promise<RunningWorker> {
  const { logger, metrics } = options;
  const { client } = composeOutbound(config, options.ownAddresses);
  return runWorker({
    services: options.services,
    connection: options.connection,
    client,
    version,
    namespace: config.temporal.namespace,
    taskQueue: options.taskQueue ?? TASK_QUEUE,
    workflowBundle: options.workflowBundle ?? { codePath: builtBundle() },
    fastPathWorkflows: config.fastPathWorkflows,
    share: { changes: config.changesPerWorkflow, attributeBytes: config.temporal.searchAttributeBytes },
    graceMs: options.graceMs,
    sweepEveryMs: SWEEP_EVERY_MS,
    reconcileEveryMs: options.reconcileEveryMs ?? RECONCILE_EVERY_MS,
    retention: config.retention,
    expire: options.expire ?? EXPIRE,
    onExpired: (expired) => logger.info(expired, 'changes and tombstones past their retention were deleted'),
    report: (attempt) => {
      metrics.countAttempt(attempt);
      logger.info(toSnakeCase({ ...attempt }), 'attempt');
    },
    onRepaired: (repaired) => {
      metrics.countRepaired(repaired);
      logger.warn(repaired, 'the reconciler repaired what a process left undone');
    },
    onError: (what, error) => logger.warn({ err: error }, `${what} failed; it is tried again`),
  });
}

/** Where the build puts the bundle: beside the compiled sources. */
function builtBundle(): string {
  return fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
}

function toSnakeCase(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
