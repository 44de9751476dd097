import type { Part } from './child.ts';

/** MongoDB as a stage runs it. */
export interface Database {
  /** For clients that no link stands before. */
  uri: string;
  /** The port links lead to; null when clients must go by the addresses of the set. */
  linkedPort: number | null;
  nodes: readonly [Part, ...Part[]];
  /** The node that takes writes now. */
  primary: () => Promise<Part>;
  /** Asks the primary to step down, as for maintenance. */
  stepDown: () => Promise<void>;
  /** Cuts a node off from the other nodes, not from clients; answers how to join it again. Null where that cannot be done. */
  isolate: ((node: Part) => Promise<() => Promise<void>>) | null;
  /** Takes all room of its disk; answers how to give it back. Null where the disk is not its own. */
  fillDisk: (() => Promise<() => Promise<void>>) | null;
  close: () => Promise<void>;
}
