import type { Load } from './load/load-plan.ts';
import type { Behaviour } from './sink/behaviour.ts';
import type { SystemName } from './systems/system.ts';

/** Webhooks of one kind on a table. */
export interface WebhookGroup {
  count: number;
  behaviour: Behaviour;
  /** Default: `record.*`. One that asks for what the load does not do hears nothing. */
  events?: string[];
  /** Retry policy, where the default's seconds would outlast the run. */
  retry?: Record<string, number>;
  /** Delivery policy, such as limits. */
  delivery?: Record<string, unknown>;
}

/** A table that takes its share of the load, evenly with the others. */
export interface Stream {
  name: string;
  webhooks: WebhookGroup[];
}

/** What goes wrong on purpose: the process is killed in mid-load, or the workers are away until all is written. */
export type Fault = 'kill' | 'outage';

/** One question to one or several systems, as data. */
export interface Scenario {
  name: string;
  title: string;
  load: Load;
  streams: Stream[];
  /** Tables with webhooks that nothing is written to. */
  bystanders?: Stream[];
  /** Whose latency is told; the other streams are there to disturb it. */
  measured: string;
  systems: SystemName[];
  fault?: Fault;
  /** Changes, each with its delivery and record, that are in the database before. */
  storedChanges?: number;
}
