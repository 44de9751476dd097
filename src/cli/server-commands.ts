import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

/**
 * Adds the commands that run a server. Each loads what it needs when it runs: MongoDB's driver and Temporal's native
 * part take a second, which a command that only calls the API shall not wait for.
 */
export function addServerCommands(program: Command): void {
  program
    .command('start')
    .description(
      'run everything in one process, on embedded MongoDB and Temporal servers unless others are given',
    )
    .action(async () => (await import('./server/start.ts')).start());
  program
    .command('api')
    .description('run the REST API on given servers')
    .action(async () => (await import('./server/run-api.ts')).runApi());
  program
    .command('worker')
    .description('run a worker on given servers: workflows, deliveries, the relay and the reconciler')
    .action(async () => (await import('./server/run-worker.ts')).runWorker());
  program
    .command('setup')
    .description(
      'create collections, indexes, Temporal search attributes and the bootstrap API key; safe to repeat',
    )
    .action(async () => (await import('./server/run-setup.ts')).setUp());
  addKeys(program.command('keys').description('keys that seal secrets at rest'));
}

function addKeys(keys: Command): void {
  keys
    .command('generate')
    .description('print a new entry for SECRET_KEYS')
    .argument('[id]', 'name of the key, 1 to 32 letters, digits, - or _', toKeyName, 'k1')
    .action(async (id: string) => {
      const { generateSecretKey } = await import('../secret-box.ts');
      process.stdout.write(`${generateSecretKey(id)}\n`);
    });
  keys
    .command('status')
    .description('say which keys sealed what is stored; ends with 1 when SECRET_KEYS lacks one of them')
    .action(async () => (await import('./server/run-keys.ts')).showKeys());
  keys
    .command('re-encrypt')
    .description(
      'seal with the first key what others sealed; safe to interrupt, repeat, and run beside API and workers',
    )
    .option('--dry-run', 'only count', false)
    .action(async (options: { dryRun: boolean }) =>
      (await import('./server/run-keys.ts')).reEncryptKeys(options),
    );
}

function toKeyName(id: string): string {
  if (/^[A-Za-z0-9_-]{1,32}$/.test(id)) return id;
  throw new InvalidArgumentError('A name is 1 to 32 letters, digits, - or _.');
}
