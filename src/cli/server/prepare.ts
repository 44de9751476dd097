import type { Logger } from 'pino';
import type { Config, Mode, TemporalConfig } from '../../config.ts';
import { loadConfig } from '../../config.ts';
import { createLogger } from '../../logger.ts';
import type { Closable } from '../../shutdown.ts';
import { closeAll, untilSignalled } from '../../shutdown.ts';

export interface Prepared {
  /** From the very beginning: as process 1, one that listens to no signal cannot be ended by it. */
  signalled: Promise<NodeJS.Signals>;
  config: Config;
  logger: Logger;
  servers: { mongodbUri: string; temporal: TemporalConfig };
}

/** Settings of a process on given servers; `parseConfig` made sure that both addresses are there. */
export function prepare(mode: Exclude<Mode, 'standalone'>): Prepared {
  const config = loadConfig(mode);
  const signalled = untilSignalled();
  const { mongodbUri = '', temporal } = config;
  return {
    signalled,
    config,
    logger: createLogger({ level: config.logLevel }),
    servers: { mongodbUri, temporal: { ...temporal, address: temporal.address ?? '' } },
  };
}

export interface RunUntilEndInput {
  signalled: Promise<NodeJS.Signals>;
  logger: Logger;
  closables: Closable[];
  failed?: Promise<never>;
}

/** Ends when a signal comes or something fails; closes in either case. */
export async function runUntilEnd({ signalled, logger, closables, failed }: RunUntilEndInput): Promise<void> {
  try {
    const signal = await (failed ? Promise.race([signalled, failed]) : signalled);
    logger.info({ signal }, 'shutting down');
  } finally {
    await closeAll(closables, logger);
  }
}
