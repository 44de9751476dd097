import type { Table } from '../contracts/table.ts';
import { CliError, EXIT } from './cli-error.ts';
import type { Rest } from './rest.ts';
import { collect } from './rest.ts';

/** The table of that id, or the only one of that name. Throws CliError when there is none, or several have the name. */
export async function findTable({ tables }: Rest, idOrName: string): Promise<Table> {
  if (/^tbl_[0-9a-z]{26}$/.test(idOrName)) return tables.get(idOrName);
  const { data } = await collect(tables.list, { limit: Number.MAX_SAFE_INTEGER });
  const found = data.filter(({ name }) => name === idOrName);
  const [table, ...others] = found;
  if (table === undefined) {
    const names = data.map(({ name }) => name).join(', ');
    throw new CliError(
      EXIT.refused,
      `There is no table named ${JSON.stringify(idOrName)}. ${names ? `There are: ${names}.` : 'There is none yet.'}`,
    );
  }
  if (others.length > 0) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new CliError(
      EXIT.refused,
      `${found.length} tables are named ${JSON.stringify(idOrName)}. Give the id of one: ${ids}.`,
    );
  }
  return table;
}
