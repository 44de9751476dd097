#!/usr/bin/env node
import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { Command, InvalidArgumentError } from 'commander';
import type { Logger } from 'pino';
import { startApi } from './api-server.ts';
import type { Config, Mode, TemporalConfig } from './config.ts';
import { loadConfig } from './config.ts';
import { AppError } from './errors.ts';
import { createLogger } from './logger.ts';
import { generateSecretKey } from './secret-box.ts';
import { runSetup } from './setup.ts';
import type { Closable } from './shutdown.ts';
import { closeAll, untilSignalled } from './shutdown.ts';
import { startStandalone } from './standalone.ts';
import { toTemporalLogger } from './temporal/logger.ts';
import { version } from './version.ts';
import { welcome } from './welcome.ts';
import { startWorkerServer } from './worker-server.ts';

const program = new Command('tablehook')
  .description('Tells other systems what happened to a record.')
  .version(version)
  .showHelpAfterError()
  .addHelpText('after', '\nSettings come from the environment or .env; see the table in README.md.');

program
  .command('start')
  .description(
    'run everything in one process, on embedded MongoDB and Temporal servers unless others are given',
  )
  .action(async () => start());

program
  .command('api')
  .description('run the REST API on given servers')
  .action(async () => {
    const { signalled, config, logger, servers } = prepare('api');
    const { url, closables } = await startApi(config, { logger, ...servers });
    logger.info({ address: url, version }, 'api is listening');
    await runUntilEnd({ signalled, logger, closables });
  });

program
  .command('worker')
  .description('run a worker on given servers: workflows, deliveries, the relay and the reconciler')
  .action(async () => {
    const { signalled, config, logger, servers } = prepare('worker');
    const { url, failed, closables } = await startWorkerServer(config, { logger, ...servers });
    logger.info({ address: url, version }, 'worker is running');
    await runUntilEnd({ signalled, logger, closables, failed });
  });

program
  .command('setup')
  .description(
    'create collections, indexes, Temporal search attributes and the bootstrap API key; safe to repeat',
  )
  .action(async () => {
    const { signalled, config, logger, servers } = prepare('setup');
    // Nothing is half done that the next run would not finish.
    void signalled.then(() => process.exit(130));
    await runSetup(config, servers);
    logger.info('setup is done');
  });

program
  .command('keys')
  .description('keys that seal secrets at rest')
  .command('generate')
  .description('print a new entry for SECRET_KEYS')
  .argument('[id]', 'name of the key, 1 to 32 letters, digits, - or _', toKeyName, 'k1')
  .action((id: string) => {
    process.stdout.write(`${generateSecretKey(id)}\n`);
  });

try {
  await program.parseAsync();
} catch (error) {
  const shown =
    error instanceof AppError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`tablehook: ${shown}\n`);
  process.exit(1);
}

function toKeyName(id: string): string {
  if (/^[A-Za-z0-9_-]{1,32}$/.test(id)) return id;
  throw new InvalidArgumentError('A name is 1 to 32 letters, digits, - or _.');
}

interface Prepared {
  /** From the very beginning: as process 1, one that listens to no signal cannot be ended by it. */
  signalled: Promise<NodeJS.Signals>;
  config: Config;
  logger: Logger;
  servers: { mongodbUri: string; temporal: TemporalConfig };
}

/** Settings of a process on given servers; `parseConfig` made sure that both addresses are there. */
function prepare(mode: Exclude<Mode, 'standalone'>): Prepared {
  const config = loadConfig(mode);
  const signalled = untilSignalled();
  const logger = createLogger({ level: config.logLevel });
  // Only a worker has a native part; once it forwards its log, it would keep other processes from ending.
  if (mode === 'worker') installRuntime(logger);
  const { mongodbUri = '', temporal } = config;
  return {
    signalled,
    config,
    logger,
    servers: { mongodbUri, temporal: { ...temporal, address: temporal.address ?? '' } },
  };
}

/** The SDK, its native part too, logs through our logger and nowhere else. */
function installRuntime(logger: Logger): void {
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  const logging = { filter, forward: {} };
  Runtime.install({ logger: toTemporalLogger(logger), telemetryOptions: { logging } });
}

interface RunUntilEndInput {
  signalled: Promise<NodeJS.Signals>;
  logger: Logger;
  closables: Closable[];
  failed?: Promise<never>;
}

async function runUntilEnd({ signalled, logger, closables, failed }: RunUntilEndInput): Promise<void> {
  try {
    const signal = await (failed ? Promise.race([signalled, failed]) : signalled);
    logger.info({ signal }, 'shutting down');
  } finally {
    await closeAll(closables, logger);
  }
}

async function start(): Promise<void> {
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
