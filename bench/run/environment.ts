import type { Binaries, Servers } from '../systems/servers.ts';
import type { Generator } from '../processes/start-generator.ts';
import type { SinkProcess } from '../processes/start-sink.ts';
import type { Stack } from '../processes/stack.ts';

/** What all runs of a bench share. */
export interface BenchContext {
  binaries: Binaries;
  /** A temporary folder of the bench's own. */
  folder: string;
  quick: boolean;
  /** Settings for the measured processes. */
  env: Record<string, string>;
  profiles: string | null;
  signal: AbortSignal;
  say: (line: string) => void;
}

/** What one run stands on; everything in it is stopped by the stack. */
export interface RunGround {
  stack: Stack;
  servers: Servers;
  sink: SinkProcess;
  generator: Generator;
  dataDir: string;
}
