import type { WorkflowFigures } from './measure/workflow-figures.ts';
import type { MongoWork } from './measure/mongo-work.ts';
import type { Percentiles } from './measure/percentiles.ts';
import type { UsageByRole } from './processes/watch-usage.ts';
import type { SinkCounts } from './sink/arrival.ts';
import type { SystemName } from './systems/system.ts';

/** What came of one stream's requests and deliveries. */
export interface StreamFigures {
  /** Requests sent, and changes that they asked for. */
  requests: number;
  offeredChanges: number;
  acceptedChanges: number;
  /** Answers that were not 2xx, by status; 0 is no answer. */
  refused: Record<string, number>;
  /** How late the generator was: from due to sent. */
  sendLagMs: Percentiles | null;
  /** From due to answered, of accepted requests. */
  acceptMs: Percentiles | null;
  /** From answered to arrived; negative where the endpoint heard before the client. First and slowest of the webhooks. */
  acceptToFirstMs: Percentiles | null;
  acceptToLastMs: Percentiles | null;
  /** From due to arrived. */
  requestToFirstMs: Percentiles | null;
  requestToLastMs: Percentiles | null;
  expectedDeliveries: number;
  arrivedDeliveries: number;
  /** Owed for accepted changes and not arrived when the wait was over. */
  lost: number;
  /** Answered with success more than once: the same webhook-id. */
  duplicated: number;
  /** Arrived for a change that no answer told the client of. */
  unacknowledged: number;
  /** From the first request to the last arrival. */
  spanMs: number | null;
  /** Changes all of whose deliveries arrived, by that span. */
  changesPerSecond: number | null;
  /** The same from the first arrival to the last: the drain rate of a backlog. */
  drainPerSecond: number | null;
  /** Accepted and not yet arrived, averaged over each quarter of the load: a backlog that grows shows here. */
  outstandingByQuarter: number[];
}

/** Of a kill or an outage: from the start of the new process. */
export interface RecoveryFigures {
  readyAfterMs: number;
  allArrivedAfterMs: number | null;
  acceptedBefore: number;
}

/** One run of one scenario on one system: everything raw, nothing rounded. */
export interface RunResult {
  scenario: string;
  system: SystemName;
  run: number;
  quick: boolean;
  startedAt: string;
  loadAverageBefore: number;
  streams: Record<string, StreamFigures>;
  measured: string;
  sink: SinkCounts;
  windowSeconds: number;
  usage: UsageByRole;
  /** In the window, and per second without any load before it. */
  mongo: MongoWork;
  mongoIdlePerSecond: MongoWork;
  temporalCalls: Record<string, number> | null;
  workflows: WorkflowFigures;
  recovery: RecoveryFigures | null;
}

export interface Machine {
  cpu: string;
  cores: number;
  memoryBytes: number;
  kernel: string;
  node: string;
  mongod: string;
  temporal: string;
  temporalSdk: string;
}

/** The file a bench writes. */
export interface BenchFile {
  version: 1;
  startedAt: string;
  finishedAt: string;
  commit: string;
  dirty: boolean;
  quick: boolean;
  machine: Machine;
  runs: RunResult[];
}
