import { runSetup } from '../../setup.ts';
import { prepare } from './prepare.ts';

/** `tablehook setup`. */
export async function setUp(): Promise<void> {
  const { signalled, config, logger, servers } = prepare('setup');
  // Nothing is half done that the next run would not finish.
  void signalled.then(() => process.exit(130));
  await runSetup(config, servers);
  logger.info('setup is done');
}
