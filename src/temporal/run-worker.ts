import { setMaxListeners } from 'node:events';
import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import type { ActivityDeps } from '../../activities/deps.ts';
import { EndpointLoad } from '../../activities/endpoint-load.ts';
import { InFlight } from '../../activities/in-flight.ts';
import { Places } from '../../activities/places.ts';
import { WaitingLine } from '../../activities/waiting-line.ts';
import type { Retention } from '../domain/retention.ts';
import type { ShareLimits } from '../domain/share-workflow.ts';
import { followUpStarted, releaseChanges } from '../services/changes/relay.ts';
import { Budget } from '../services/budget.ts';
import type { EventTeller, Waker } from '../services/context.ts';
import { openCommits } from '../services/changes/commit.ts';
import { openAttemptRecorder } from '../services/deliveries/record-attempt.ts';
import { openEventTeller } from '../services/events/tell.ts';
import { noteHealth } from '../services/webhooks/note-health.ts';
import type { Workflows } from '../services/workflows.ts';
import { wakeNext } from '../services/deliveries/wake-next.ts';
import type { Expired } from './expirer.ts';
import { startExpirer } from './expirer.ts';
import { FastPath } from './fast-path.ts';
import { InHand } from './in-hand.ts';
import type { Repaired } from './reconciler.ts';
import { startReconciler } from './reconciler.ts';
import { startRelay } from './relay.ts';
import { deliveryWorkerOptions, workflowWorkerOptions } from './worker-options.ts';
import { openWaker } from './waker.ts';
import { openWorkflows } from './workflows.ts';

export interface RunWorkerOptions extends Pick<
  ActivityDeps,
  'services' | 'client' | 'report' | 'onError' | 'version'
> {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  workflowBundle: { codePath: string } | { code: string };
  fastPathWorkflows: number;
  share: ShareLimits;
  /** How long calls in flight may go on at shutdown. */
  graceMs: number;
  sweepEveryMs: number;
  reconcileEveryMs: number;
  retention: Retention;
  expire: { firstAfterMs: number; everyMs: number };
  onRepaired: (repaired: Repaired) => void;
  onExpired: (expired: Expired) => void;
}

/** What may wait in memory: less than a slow machine starts while its claims last. */
const QUEUE_LENGTH = 600;
/**
 * Bytes of values in changes that are planned and sent for the first time at once: of common ones all there are, of the
 * largest eight. In memory they are that often as they have webhooks, twice.
 */
const PLANNED_BYTES = 4 * 1024 * 1024;

/** A worker at work: its doors to Temporal, and how it ends. */
export interface RunningWorker {
  workflows: Workflows;
  fastPath: FastPath;
  waker: Waker;
  events: EventTeller;
  isRunning: () => boolean;
  /** Rejects when a worker fails, or ends before it was stopped; never resolves. */
  failed: Promise<never>;
  /** Takes nothing new, lets calls in flight end within the grace, then cuts them off. */
  stop: () => Promise<void>;
}

/** Runs workflows, activities, the relay, the reconciler and the expirer of one process over one shared connection. */
export async function runWorker(options: RunWorkerOptions): Promise<RunningWorker> {
  const { services, connection, namespace, taskQueue } = options;
  const client = new Client({ connection, namespace });
  const workflows = openWorkflows({
    client,
    taskQueue,
    eager: true,
    onRefusedWords: (error) => options.onError('start with search attributes', error),
  });
  const inHand = new InHand();
  const inFlight = new InFlight(services, (error) => options.onError('claim renewal', error));
  const cutOff = new AbortController();
  // Every call in flight listens; that is no leak.
  setMaxListeners(0, cutOff.signal);
  const waker = openWaker({ services, workflows, onError: options.onError });
  const endpoints = openEndpoints(options, { workflows, waker });
  const fastPath = openFastPath(options, { workflows, inHand });
  const events = openEventTeller({ ...services, commits: openCommits(), starter: fastPath });
  const activities = createActivities({
    ...options,
    ...endpoints,
    workflows,
    inHand,
    planning: new Budget({ total: PLANNED_BYTES }),
    inFlight,
    waker,
    events,
    recorder: openAttemptRecorder({
      ...services,
      noteHealth: async (input) =>
        noteHealth({ ...services, waker, events: tellAside(events, options) }, input).catch(
          (error: unknown) => options.onError('endpoint health', error),
        ),
    }),
    shutdownSignal: cutOff.signal,
  });
  const input = { ...options, namespace, activities };
  const workers = [
    await Worker.create(workflowWorkerOptions(input)),
    await Worker.create(deliveryWorkerOptions(input)),
  ];
  const runs = workers.map((worker) => worker.run());
  let isStopping = false;
  const relay = startRelay({
    services,
    fastPath,
    sweepEveryMs: options.sweepEveryMs,
    onError: (error) => options.onError('relay', error),
  });
  const reconciler = startReconciler({
    context: {
      ...services,
      workflows,
      events,
      onBusy: (webhookId) => endpoints.waitingLine.recall(webhookId),
    },
    everyMs: options.reconcileEveryMs,
    onRepaired: options.onRepaired,
    onError: (error) => options.onError('reconciler', error),
  });
  const expirer = startExpirer({
    ...options,
    ...options.expire,
    context: services,
    onError: (error) => options.onError('expiry', error),
  });
  return {
    workflows,
    fastPath,
    waker,
    events,
    isRunning: () => workers.every((worker) => worker.getState() === 'RUNNING'),
    failed: untilFailed(runs, () => isStopping),
    stop: async () => {
      isStopping = true;
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all([fastPath.close(), relay.stop(), reconciler.stop(), expirer.stop()]);
      // The relay may have handed it something while it stopped.
      await fastPath.close();
      const timer = setTimeout(() => cutOff.abort(), options.graceMs);
      await Promise.allSettled(runs);
      // Calls outlive the activity that began them: they have the same grace.
      await inFlight.close();
      endpoints.places.close();
      clearTimeout(timer);
    },
  };
}

interface Doors {
  workflows: Workflows;
  waker: Waker;
}

/** What is recorded need not wait for what is told of it. */
function tellAside({ tell }: EventTeller, { onError }: RunWorkerOptions): EventTeller {
  return {
    tell: async (told) => {
      tell(told).catch((error: unknown) => onError('telling an event', error));
    },
  };
}

function openEndpoints({ services, onError }: RunWorkerOptions, { workflows, waker }: Doors) {
  const endpointLoad = new EndpointLoad({
    clock: () => performance.now(),
    onFreed: (webhookId) => waitingLine.call(webhookId),
  });
  const waitingLine = new WaitingLine({
    load: endpointLoad,
    wakeNext: async (webhookId, range) => wakeNext({ ...services, workflows, waker }, webhookId, range),
    onError: (error) => onError('waiting line', error),
  });
  const places = new Places({ services, endpointLoad, waker, onError });
  return { endpointLoad, waitingLine, places };
}

interface FastPathParts {
  workflows: Workflows;
  inHand: InHand;
}

function openFastPath(options: RunWorkerOptions, { workflows, inHand }: FastPathParts): FastPath {
  const { services, fastPathWorkflows, share, onError } = options;
  return new FastPath({
    workflows,
    places: fastPathWorkflows,
    queueLength: QUEUE_LENGTH,
    share,
    inHand,
    clock: () => performance.now(),
    onFailed: async (changes, error) => {
      if (error !== null) onError('workflow start', error);
      const changeIds = changes.map(({ id }) => id);
      await releaseChanges(services, changeIds).catch((failure: unknown) =>
        onError('claim release', failure),
      );
    },
    onAlreadyStarted: ({ id }) => {
      followUpStarted({ ...services, workflows }, id).catch((error: unknown) => onError('follow-up', error));
    },
  });
}

/** Rejects when one of them fails, or ends though nobody asked it to. */
async function untilFailed(runs: Promise<void>[], isStopping: () => boolean): Promise<never> {
  const forever = new Promise<never>(() => undefined);
  const ended = () => {
    if (!isStopping()) throw new Error('a worker ended by itself');
    return forever;
  };
  return Promise.race([forever, ...runs.map((run) => run.then(ended))]);
}
