import type { Command } from 'commander';
import type { Field, Table } from '../contracts/table.ts';
import { findTable } from './find-table.ts';
import { formatPairs, formatRows, formatTime, oneLine } from './format.ts';
import type { Paint } from './paint.ts';
import type { ListOptions } from './paging.ts';
import { paged, showList } from './paging.ts';
import { append, parseField } from './parse-flags.ts';
import { readData } from './read-data.ts';
import type { ClientOptions } from './session.ts';
import { client, show } from './session.ts';

interface CreateOptions extends ClientOptions {
  field?: string[];
  data?: string;
  quiet?: boolean;
}

/** Adds `tablehook tables …`. */
export function addTables(program: Command): void {
  const tables = program.command('tables').description('tables and their fields');
  addReads(tables);
  addCreate(tables);
  client<ClientOptions & { force?: boolean }>(
    tables
      .command('delete')
      .description('delete a table with its records and webhooks')
      .argument('<table>', 'id or name')
      .option('--force', 'also while it has open deliveries, which are cancelled'),
    ['tablehook tables delete Tasks', 'tablehook tables delete Tasks --force'],
    async (session, { args: [name = ''], options: { force } }) => {
      const { id } = await findTable(session.rest, name);
      await session.rest.tables.remove(id, { force });
      show(session, { id, deleted: true }, () => `Deleted ${id}.`);
    },
  );
}

function addReads(tables: Command): void {
  client<ListOptions>(
    paged(tables.command('list').description('list tables, oldest first')),
    ['tablehook tables list', 'tablehook tables list --json'],
    async (session, { options }) =>
      showList<Table>(session, options, {
        read: session.rest.tables.list,
        describe: (data) => describeTables(session.paint, data),
      }),
  );
  client(
    tables.command('show').description('show a table with its fields').argument('<table>', 'id or name'),
    ['tablehook tables show Tasks'],
    async (session, { args: [name = ''] }) => {
      const table = await findTable(session.rest, name);
      show(session, table, () => describeTable(session.paint, table));
    },
  );
}

function addCreate(tables: Command): void {
  client<CreateOptions>(
    tables
      .command('create')
      .description('make a table')
      .argument('[name]', 'unless --data has it')
      .option('--field <name:type>', 'a field, such as Title:text or "Status:select=a,b"; repeatable', append)
      .option('--data <json>', 'the request as JSON, @file, or - for stdin; what is given besides wins')
      .option('-q, --quiet', 'print only the id'),
    [
      'tablehook tables create Tasks --field Title:text --field "Status:select=pending,completed"',
      `tablehook tables create --data '{"name":"Notes","fields":[{"name":"Text","type":"text"}]}'`,
    ],
    async (session, { args: [name], options: { field, data, quiet } }) => {
      const table = await session.rest.tables.create({
        ...readData('--data', data),
        ...(name !== undefined && { name }),
        ...(field && { fields: field.map(parseField) }),
      });
      if (quiet) session.print(table.id);
      else show(session, table, () => describeTable(session.paint, table));
    },
  );
}

function describeTables(paint: Paint, tables: Table[]): string {
  return formatRows(paint, {
    heading: ['ID', 'NAME', 'FIELDS', 'CREATED'],
    rows: tables.map(({ id, name, fields, createdAt, system }) => [
      id,
      system ? paint.dim(name) : oneLine(name),
      fields.map((field) => oneLine(field.name)).join(', '),
      formatTime(createdAt),
    ]),
    none: 'There is no table yet. `tablehook tables create Tasks --field Title:text` makes one.',
  });
}

function describeTable(paint: Paint, { id, name, system, fields, createdAt, updatedAt }: Table): string {
  const facts = formatPairs(paint, [
    ['id', id],
    ['name', paint.strong(oneLine(name))],
    ['system', system ? "yes: Tablehook's own, to be read only" : null],
    ['created', formatTime(createdAt)],
    ['updated', updatedAt === createdAt ? null : formatTime(updatedAt)],
  ]);
  const rows = fields.map((field: Field) => [
    field.id,
    oneLine(field.name),
    field.type,
    oneLine(field.options?.join(', ') ?? ''),
  ]);
  const list = formatRows(paint, {
    heading: ['FIELD', 'NAME', 'TYPE', 'OPTIONS'],
    rows,
    none: 'It has no fields.',
  });
  return `${facts}\n\n${list}`;
}
