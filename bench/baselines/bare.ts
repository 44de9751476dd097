import { pino } from 'pino';
import type { ActivityDeps } from '../../activities/deps.ts';
import { EndpointLoad } from '../../activities/endpoint-load.ts';
import { makeFirstAttempts } from '../../activities/first-attempts.ts';
import { Places } from '../../activities/places.ts';
import { WaitingLine } from '../../activities/waiting-line.ts';
import { InFlight } from '../../activities/in-flight.ts';
import { createApp } from '../../src/api/app.ts';
import { composeOutbound, composeServices } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { listen } from '../../src/listen.ts';
import { createMetrics } from '../../src/metrics.ts';
import { ensureIndexes } from '../../src/models/models.ts';
import { ensureAdminKey } from '../../src/services/api-keys/create.ts';
import { Budget } from '../../src/services/budget.ts';
import { openAttemptRecorder } from '../../src/services/deliveries/record-attempt.ts';
import { FastPath } from '../../src/temporal/fast-path.ts';
import { InHand } from '../../src/temporal/in-hand.ts';
import { version } from '../../src/version.ts';
import { endWithBench } from './end-with-bench.ts';

/** Baseline (b), the floor: Tablehook's own API, write, plan and first attempts, without Temporal. */
endWithBench();
const config = loadConfig('standalone');
const services = await composeServices(config, config.mongodbUri ?? '');
await ensureIndexes(services.models, config.retention);
await ensureAdminKey(services, { key: config.bootstrapApiKey ?? '', name: 'bench' });
const { client, endpointRules } = composeOutbound(config, []);
const logger = pino({ level: 'silent' });
const metrics = createMetrics();
const inHand = new InHand();
const noWorkflows = {
  isRunning: async () => true,
  start: async () => ({ started: true, eager: true }),
  startShared: async () => true,
  wakeDelivery: async () => true,
  wakeWebhook: async () => undefined,
  startReplay: async () => undefined,
  runTest: async () => undefined,
  runningChanges: async function* () {},
  countWorkers: async () => 1,
};
const onError = (_what: string, error: unknown) => void process.stderr.write(`${String(error)}\n`);
const endpointLoad = new EndpointLoad({ clock: () => performance.now(), onFreed: () => undefined });
// Nobody listens here, and nothing waits.
const events = { tell: async () => undefined };
const waker = { wake: () => undefined, lookAfter: async () => undefined, startReplay: () => undefined };
const deps: ActivityDeps = {
  services,
  client,
  version,
  workflows: noWorkflows,
  inHand,
  planning: new Budget({ total: Infinity }),
  inFlight: new InFlight(services, (error) => onError('renewal', error)),
  recorder: openAttemptRecorder({ ...services, noteHealth: async () => undefined }),
  events,
  waker,
  endpointLoad,
  places: new Places({ services, endpointLoad, waker, onError }),
  waitingLine: new WaitingLine({ load: endpointLoad, wakeNext: async () => [], onError: () => undefined }),
  report: (attempt) => {
    metrics.countAttempt(attempt);
    logger.info(attempt, 'attempt');
  },
  onError,
  shutdownSignal: new AbortController().signal,
};
/** What a worker would do with the change in hand, at once. */
const deliver = (changeIds: string[]) => {
  makeFirstAttempts(deps, { changeIds, workflowId: 'none', signal: deps.shutdownSignal }).catch(
    (error: unknown) => onError('bare', error),
  );
};
const starter = new FastPath({
  workflows: {
    start: async ({ id }) => {
      deliver([id]);
      return { started: true, eager: true };
    },
    startShared: async ({ changes }) => {
      deliver(changes.map(({ id }) => id));
      return true;
    },
  },
  places: config.fastPathWorkflows,
  // There is no relay to leave anything to.
  queueLength: Number.MAX_SAFE_INTEGER,
  share: { changes: config.changesPerWorkflow, attributeBytes: config.temporal.searchAttributeBytes },
  inHand,
  onFailed: async (_changes, error) => onError('bare', error),
  onAlreadyStarted: () => undefined,
  clock: () => performance.now(),
});
const app = createApp({
  ...services,
  starter,
  events,
  waker,
  endpointRules,
  testRunner: noWorkflows,
  inspector: noWorkflows,
  logger,
  readiness: async () => ({ mongodb: true, temporal: true }),
  metrics: metrics.registry,
  version,
});
await listen(app, config);
