import type { Command } from 'commander';
import type { Page } from '../contracts/page.ts';
import { parseCount } from './parse-flags.ts';
import type { Query } from './rest.ts';
import { collect } from './rest.ts';
import type { ClientOptions, Session } from './session.ts';
import { show } from './session.ts';

export interface ListOptions extends ClientOptions {
  limit: string;
  cursor?: string;
  all?: boolean;
}

/** Adds the options of a list. */
export function paged(command: Command): Command {
  return command
    .option('--limit <count>', 'how many at most', '50')
    .option('--all', 'all of them')
    .option('--cursor <cursor>', 'go on where a list with this nextCursor ended');
}

/** Reads and prints a list, and says how to see more of it. */
export async function showList<T>(
  session: Session,
  options: ListOptions,
  { read, filters = {}, describe }: ListInput<T>,
): Promise<void> {
  const limit = options.all
    ? Number.MAX_SAFE_INTEGER
    : parseCount(options.limit, { option: '--limit', least: 1, most: 100_000 });
  const page = await collect(read, { ...filters, limit, cursor: options.cursor });
  show(session, page, ({ data }) => describe(data));
  if (page.nextCursor !== null && !session.json) {
    session.note(`There are more: --all, or --cursor ${page.nextCursor}`);
  }
}

export interface ListInput<T> {
  read: (query: Query) => Promise<Page<T>>;
  filters?: Query;
  describe: (data: T[]) => string;
}
