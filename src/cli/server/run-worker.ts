import { version } from '../../version.ts';
import { startWorkerServer } from '../../worker-server.ts';
import { installRuntime } from './install-runtime.ts';
import { prepare, runUntilEnd } from './prepare.ts';

/** `tablehook worker`: until a signal, or until it fails. */
export async function runWorker(): Promise<void> {
  const { signalled, config, logger, servers } = prepare('worker');
  installRuntime(logger);
  const { url, failed, closables } = await startWorkerServer(config, { logger, ...servers });
  logger.info({ address: url, version }, 'worker is running');
  await runUntilEnd({ signalled, logger, closables, failed });
}
