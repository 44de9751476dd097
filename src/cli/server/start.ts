import { loadConfig } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { createLogger } from '../../logger.ts';
import { untilSignalled } from '../../shutdown.ts';
import { startStandalone } from '../../standalone.ts';
import { welcome } from '../../welcome.ts';
import { installRuntime } from './install-runtime.ts';

/** `tablehook start`: until a signal, or until a server dies by itself. */
export async function start(): Promise<void> {
  const config = loadConfig('standalone');
  const logger = createLogger({ level: config.logLevel, pretty: process.stdout.isTTY });
  installRuntime(logger);
  const interrupted = new AbortController();
  const signalled = untilSignalled().then((signal) => {
    interrupted.abort(new AppError('unavailable', 'Stopped before it was up.'));
    return signal;
  });
  const say = (line: string) => process.stdout.write(`  ${line}\n`);
  const running = await startStandalone(config, { logger, onProgress: say, signal: interrupted.signal });
  process.stdout.write(welcome(running, config.dataDir));
  const end = await Promise.race([signalled, running.ended]);
  if (typeof end === 'string') say('\n  Stopping. Calls in flight get 5 seconds; Ctrl-C again ends at once.');
  await running.close();
  if (typeof end !== 'string') {
    throw new AppError(
      'unavailable',
      `${end.server} ended by itself (code ${end.code}, signal ${end.signal}).`,
    );
  }
  say('Stopped.');
}
