import type { Command } from 'commander';
import type { JsonObject } from '../contracts/json.ts';
import type { TableRecord, WrittenRecord } from '../contracts/record.ts';
import type { Table } from '../contracts/table.ts';
import { UsageError } from './cli-error.ts';
import { findTable } from './find-table.ts';
import { formatPairs, formatRows, formatTime, formatValue, shorten } from './format.ts';
import type { Paint } from './paint.ts';
import type { ListOptions } from './paging.ts';
import { paged, showList } from './paging.ts';
import { append, parseCount, parseValue, requireField } from './parse-flags.ts';
import { readData } from './read-data.ts';
import type { ClientOptions, Session } from './session.ts';
import { client, show } from './session.ts';

interface OfTable {
  table: string;
}

interface WriteOptions extends ClientOptions, OfTable {
  value?: string[];
  clear?: string[];
  operator?: string;
  data?: string;
  silent?: boolean;
  ifVersion?: string;
  quiet?: boolean;
}

const MAX_COLUMNS = 6;

/** Adds `tablehook records …`. */
export function addRecords(program: Command): void {
  const records = program
    .command('records')
    .description('records; each write is one record change, which webhooks hear');
  addReads(records);
  addCreate(records);
  addUpdate(records);
  addDelete(records);
}

function ofTable(command: Command): Command {
  return command.requiredOption('--table <table>', 'id or name of its table');
}

function addReads(records: Command): void {
  client<ListOptions & OfTable>(
    paged(ofTable(records.command('list').description('list the records of a table, oldest first'))),
    ['tablehook records list --table Tasks', 'tablehook records list --table Tasks --all --json'],
    async (session, { options }) => {
      const table = await findTable(session.rest, options.table);
      await showList<TableRecord>(session, options, {
        read: async (query) => session.rest.records.list(table.id, query),
        describe: (data) => describeRecords(session.paint, table, data),
      });
    },
  );
  client<ClientOptions & OfTable>(
    ofTable(records.command('show').description('show a record').argument('<record>', 'its id')),
    ['tablehook records show rec_… --table Tasks'],
    async (session, { args: [id = ''], options }) => {
      const table = await findTable(session.rest, options.table);
      const record = await session.rest.records.get(table.id, id);
      show(session, record, () => describeRecord(session.paint, record));
    },
  );
}

function writing(command: Command): Command {
  return ofTable(command)
    .option('--operator <name>', 'who makes the change')
    .option('--silent', 'let no webhook hear of it');
}

function withValues(command: Command): Command {
  return writing(command)
    .option('--value <name=value>', 'a value, by the name of its field; repeatable', append)
    .option('--data <json>', 'the request as JSON, @file, or - for stdin; what is given besides wins')
    .option('-q, --quiet', 'print only the id');
}

function addCreate(records: Command): void {
  client<WriteOptions>(
    withValues(records.command('create').description('create a record')),
    [
      'tablehook records create --table Tasks --value Title=Ship --value Status=pending --operator ana',
      `echo '{"values":{"Title":"Ship"}}' | tablehook records create --table Tasks --data -`,
    ],
    async (session, { options }) => {
      const table = await findTable(session.rest, options.table);
      const body = toBody(table, options);
      const record = await session.rest.records.create(table.id, body, queryOf(options));
      showWritten(session, record, options);
    },
  );
}

function addUpdate(records: Command): void {
  client<WriteOptions>(
    withValues(records.command('update').description('change values of a record; the others stay'))
      .argument('<record>', 'its id')
      .option('--clear <name>', 'take the value of a field away; repeatable', append)
      .option('--if-version <version>', 'only while the record has this version'),
    [
      'tablehook records update rec_… --table Tasks --value Status=completed',
      'tablehook records update rec_… --table Tasks --clear Status --if-version 2',
    ],
    async (session, { args: [recordId = ''], options }) => {
      const table = await findTable(session.rest, options.table);
      const body = toBody(table, options);
      if (!('values' in body)) throw new UsageError('Say what to change: --value, --clear or --data.');
      const path = { tableId: table.id, recordId };
      showWritten(session, await session.rest.records.update(path, body, conditional(options)), options);
    },
  );
}

function addDelete(records: Command): void {
  client<WriteOptions>(
    writing(records.command('delete').description('delete a record').argument('<record>', 'its id')).option(
      '--if-version <version>',
      'only while the record has this version',
    ),
    ['tablehook records delete rec_… --table Tasks --operator ana'],
    async (session, { args: [recordId = ''], options }) => {
      const { id } = await findTable(session.rest, options.table);
      const { query, ifVersion } = conditional(options);
      const { changeId } = await session.rest.records.remove(
        { tableId: id, recordId },
        { query: { ...query, operatorId: options.operator }, ifVersion },
      );
      const told = changeId ? ` Who heard of it: tablehook changes show ${changeId}` : '';
      show(session, { id: recordId, deleted: true, changeId }, () => `Deleted ${recordId}.${told}`);
    },
  );
}

function queryOf({ silent }: WriteOptions): { fire?: boolean } {
  return silent ? { fire: false } : {};
}

function conditional(options: WriteOptions) {
  const { ifVersion } = options;
  return {
    query: queryOf(options),
    ...(ifVersion !== undefined && {
      ifVersion: parseCount(ifVersion, { option: '--if-version', least: 1, most: Number.MAX_SAFE_INTEGER }),
    }),
  };
}

function toBody({ fields }: Table, { value = [], clear = [], operator, data }: WriteOptions): JsonObject {
  const body = readData('--data', data);
  const given = Object.fromEntries([
    ...value.map((flag) => parseValue(flag, fields)),
    ...clear.map((name) => [requireField(name, fields).name, null] as const),
  ]);
  return {
    ...body,
    ...(Object.keys(given).length > 0 && { values: { ...(body['values'] as JsonObject), ...given } }),
    ...(operator !== undefined && { operatorId: operator }),
  };
}

function showWritten(session: Session, record: WrittenRecord, { quiet }: WriteOptions): void {
  if (quiet) session.print(record.id);
  else show(session, record, () => describeRecord(session.paint, record));
}

function describeRecord(paint: Paint, record: TableRecord | WrittenRecord): string {
  const facts = formatPairs(paint, [
    ['id', record.id],
    ['version', String(record.version)],
    ['created', formatTime(record.createdAt)],
    ['updated', record.version === 1 ? null : formatTime(record.updatedAt)],
    ['change', 'changeId' in record ? (record.changeId ?? 'none: nothing differs') : null],
    ['workflow', 'workflow' in record ? (record.workflow?.url ?? record.workflow?.id ?? null) : null],
  ]);
  const values = Object.entries(record.values).map(([name, value]) => [name, formatValue(value)] as const);
  return values.length > 0 ? `${facts}\n\n${formatPairs(paint, values)}` : `${facts}\n\nIt has no values.`;
}

function describeRecords(paint: Paint, { name, fields }: Table, records: TableRecord[]): string {
  const columns = fields.slice(0, MAX_COLUMNS);
  return formatRows(paint, {
    heading: ['ID', 'VERSION', 'UPDATED', ...columns.map((field) => field.name)],
    rows: records.map(({ id, version, updatedAt, values }) => [
      id,
      String(version),
      formatTime(updatedAt),
      ...columns.map((field) => cell(values[field.name])),
    ]),
    none: `${name} has no records.`,
  });
}

function cell(value: JsonObject[string] | undefined): string {
  if (value === undefined) return '';
  return shorten(typeof value === 'string' ? value.replaceAll('\n', ' ') : JSON.stringify(value), 40);
}
