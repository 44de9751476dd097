import type { Role } from '../processes/watch-usage.ts';
import type { Servers } from './servers.ts';

/** What a load can be sent to, all over the same routes. */
export type SystemName =
  | 'tablehook'
  | 'strict'
  | 'workers-1'
  | 'workers-2'
  | 'workers-4'
  | 'textbook'
  | 'bare'
  | 'plain';

/** What each is, for a reader of the report. */
export const SYSTEMS: Record<SystemName, string> = {
  tablehook: 'Tablehook, API and worker in one process',
  strict: 'the same with CHANGES_PER_WORKFLOW=1: a workflow per change, always',
  'workers-1': 'Tablehook, a separate API and one worker',
  'workers-2': 'Tablehook, a separate API and two workers',
  'workers-4': 'Tablehook, a separate API and four workers',
  textbook: '(a) the same job as a textbook workflow: awaited start, regular activities, no bound',
  bare: '(b) our write, match, POST and result in a loop without Temporal',
  plain: 'the write, match, POST and result of (a) in a loop without Temporal; does not move with our code',
};

/** A system that takes writes. */
export interface RunningSystem {
  urls: string[];
  apiKey: string;
  roles: Role[];
  /** Kills the process that took the writes, and starts another in its place. Where there is one process. */
  restart?: () => Promise<{ restartedAt: number; readyAt: number; role: Role }>;
  /** Starts the workers that an outage kept away. Where the system was started without them. */
  startWorkers?: () => Promise<{ startedAt: number; readyAt: number; roles: Role[] }>;
  stop: () => Promise<void>;
}

export interface StartSystemInput {
  servers: Servers;
  /** A folder of its own. */
  dataDir: string;
  /** Settings for the measured processes besides the bench's own. */
  env: Record<string, string>;
  /** Where its processes leave CPU profiles when they end; null: they are not profiled. */
  profiles: string | null;
  signal: AbortSignal;
}
