import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { toTemporalLogger } from '../../temporal/logger.ts';

/**
 * Lets the SDK, its native part too, log through our logger and nowhere else. Only a worker has a native part; once it
 * forwards its log, it would keep other processes from ending. Signals are ours to answer: by default the SDK stops its
 * workers at SIGQUIT and SIGUSR2 too, and leaves a process behind that looks well and delivers nothing.
 */
export function installRuntime(logger: Logger): void {
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  const logging = { filter, forward: {} };
  Runtime.install({ logger: toTemporalLogger(logger), telemetryOptions: { logging }, shutdownSignals: [] });
}
