import type { Arrival, SinkCounts } from './arrival.ts';

/** To the sink; `call` comes back with the answer. */
export interface SinkCommand {
  type: 'counts' | 'arrivals' | 'reset' | 'shut' | 'open';
  call: number;
}

/** From the sink. */
export type SinkReport =
  | { type: 'ready'; port: number }
  | { type: 'counts'; call: number; counts: SinkCounts }
  | { type: 'arrivals'; call: number; arrivals: Arrival[] }
  | { type: 'reset' | 'shut' | 'open'; call: number };
