import type { LogLevel, LogMetadata } from '@temporalio/worker';
import { DefaultLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

/** What the worker of the durable attempts is warned of at every start: it has no workflows on purpose. */
const EXPECTED = 'No workflows registered';

/** The SDK's log, in ours. Its "info" is about its own life and is our debug. */
export function toTemporalLogger(logger: Logger): DefaultLogger {
  const child = logger.child({ component: 'temporal' });
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}) => {
    const { error, ...rest } = meta;
    const fields = error === undefined ? rest : { ...rest, err: error };
    if (level === 'ERROR') child.error(fields, message);
    else if (level === 'WARN' && !message.startsWith(EXPECTED)) child.warn(fields, message);
    else child.debug(fields, message);
  };
  return new DefaultLogger('INFO', ({ level, message, meta }) => write(level, message, meta));
}
