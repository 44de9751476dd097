import { startApi } from '../../api-server.ts';
import { version } from '../../version.ts';
import { prepare, runUntilEnd } from './prepare.ts';

/** `tablehook api`: until a signal. */
export async function runApi(): Promise<void> {
  const { signalled, config, logger, servers } = prepare('api');
  const { url, closables } = await startApi(config, { logger, ...servers });
  logger.info({ address: url, version }, 'api is listening');
  await runUntilEnd({ signalled, logger, closables });
}
