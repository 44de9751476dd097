import type { Command } from 'commander';
import { describeChange } from './describe-delivery.ts';
import { client, show } from './session.ts';

/** Adds `tablehook changes …`. */
export function addChanges(program: Command): void {
  const changes = program.command('changes').description('record changes: did the CRM get it?');
  client(
    changes.command('show').description('show a change with its deliveries').argument('<change>', 'its id'),
    ['tablehook changes show chg_…'],
    async (session, { args: [id = ''] }) => {
      const change = await session.rest.getChange(id);
      show(session, change, () => describeChange(session.paint, change));
    },
  );
}
