import type { Command } from 'commander';
import type { JsonObject } from '../contracts/json.ts';
import { UsageError } from './cli-error.ts';
import { append, parseHeader } from './parse-flags.ts';
import { readData } from './read-data.ts';
import type { ClientOptions } from './session.ts';

/** What a registration, or an edit of one, may be given by flags. */
export interface RegistrationOptions extends ClientOptions {
  name?: string;
  endpoint?: string;
  method?: string;
  description?: string;
  event?: string[];
  watch?: string[];
  filter?: string;
  when?: string;
  format?: string;
  header?: string[];
  plainHeader?: string[];
  enable?: boolean;
  disable?: boolean;
  data?: string;
  quiet?: boolean;
}

/** Adds the flags that a registration and an edit have in common. */
export function addRegistrationOptions(command: Command): Command {
  return command
    .option('--name <name>', 'what people call it')
    .option('--endpoint <url>', 'the URL to call')
    .option('--event <event>', 'record.created, .updated, .deleted, or record.* for all; repeatable', append)
    .option(
      '--watch <field>',
      'an update fires only if one of these differs, by name or id; repeatable',
      append,
    )
    .option('--filter <json>', 'only records that fit this query; @file, or - for stdin')
    .option('--when <when>', 'matches (default), enters or leaves the --filter')
    .option('--format <format>', 'what is sent: standard, slack, or template (give it in --data)')
    .option('--header <name:value>', 'sent with every call; the value is kept secret; repeatable', append)
    .option('--plain-header <name:value>', 'the same, and its value can be read again; repeatable', append)
    .option('--method <method>', 'POST, PUT or PATCH')
    .option('--description <text>', 'what it is for')
    .option('--data <json>', 'the request as JSON, @file, or - for stdin; what is given besides wins');
}

/** The body of the request. Throws UsageError for flags that contradict each other or cannot be read. */
export function toRegistration(options: RegistrationOptions): JsonObject {
  const { name, endpoint, method, description, event, watch, format, enable, disable } = options;
  if (enable && disable) throw new UsageError('Give --enable or --disable, not both.');
  const data = readData('--data', options.data);
  const headers = [
    ...(options.header ?? []).map((flag) => parseHeader(flag, true)),
    ...(options.plainHeader ?? []).map((flag) => parseHeader(flag, false)),
  ];
  return {
    ...data,
    ...(name !== undefined && { name }),
    ...(endpoint !== undefined && { url: endpoint }),
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(description !== undefined && { description }),
    ...(event && { events: event }),
    ...(watch && { watchFields: watch }),
    ...toCondition(options),
    ...(format !== undefined && { payload: { ...toObject(data['payload']), format } }),
    ...(headers.length > 0 && { headers }),
    ...(enable && { enabled: true }),
    ...(disable && { enabled: false }),
  };
}

function toCondition({ filter, when }: RegistrationOptions): JsonObject {
  if (filter === undefined && when !== undefined) {
    throw new UsageError('--when says what a record does to the --filter; give both.');
  }
  if (filter === undefined) return {};
  return { condition: { filter: readData('--filter', filter), ...(when !== undefined && { when }) } };
}

function toObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}
