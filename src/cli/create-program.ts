import { Command } from 'commander';
import { version } from '../version.ts';
import { addChanges } from './changes.ts';
import { addDeliveries } from './deliveries.ts';
import { addDoctor } from './doctor.ts';
import { addListen } from './listen.ts';
import { addRecords } from './records.ts';
import { addServerCommands } from './server-commands.ts';
import { addTables } from './tables.ts';
import { addWebhooks } from './webhooks.ts';

/** The whole command line. Throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('tablehook')
    .description('Tells other systems what happened to a record.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help shows how it is used, with examples)')
    .addHelpText('after', '\nSettings come from the environment or .env; see the table in README.md.');
  program.commandsGroup('Servers:');
  addServerCommands(program);
  program.commandsGroup('Tables, and who hears of them:');
  addTables(program);
  addRecords(program);
  addWebhooks(program);
  addDeliveries(program);
  addChanges(program);
  addListen(program);
  addDoctor(program);
  return program;
}
