import type { DestinationStream, Logger } from 'pino';
import { pino, stdTimeFunctions } from 'pino';

export interface CreateLoggerOptions {
  level: string;
  /** One readable line per entry instead of JSON. */
  pretty?: boolean;
  /** Where lines go; stdout unless given. */
  destination?: DestinationStream;
}

const REDACTED = '[redacted]';
const MAX_DEPTH = 8;
const MAX_CAUSES = 4;
const SECRET_NAMES = new Set(
  (
    'authorization proxyauthorization cookie cookies setcookie password token key keys apikey secret secrets ' +
    'secretkey secretkeys url uri mongodburi headers body values'
  ).split(' '),
);

/** A pino logger whose entries never hold credentials, URLs, headers, bodies or record values, at any depth. */
export function createLogger({ level, pretty = false, destination }: CreateLoggerOptions): Logger {
  return pino(
    {
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError, error: serializeError },
      // The finished line is the one place that fields, bindings of children and serializers all pass through.
      hooks: { streamWrite: (line) => writeEntry(line, pretty) },
    },
    destination ?? pino.destination(1),
  );
}

function writeEntry(line: string, pretty: boolean): string {
  // Written by pino a moment ago, so it is an object with these fields.
  const entry = redactFields(JSON.parse(line) as Entry, 0) as Entry;
  return pretty ? toReadable(entry) : `${JSON.stringify(entry)}\n`;
}

function redactFields(fields: object, depth: number): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      isSecretName(name) && value !== null ? REDACTED : redactValue(value, depth + 1),
    ]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) return REDACTED;
  return Array.isArray(value)
    ? value.map((item) => redactValue(item, depth + 1))
    : redactFields(value, depth);
}

function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replace(/[_-]/g, ''));
}

/** Type, message, code, stack and causes; never the other properties, which may hold what a driver or parser was given. */
function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
      ? { code: error.code }
      : {}),
    stack: error.stack,
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: serializeError(error.cause, depth + 1) }),
  };
}

function toReadable({ time, level, msg, pid: _pid, hostname: _hostname, err, ...fields }: Entry): string {
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const head = [time.slice(11, 23), level.toUpperCase().padEnd(5), msg ?? '', ...shown].join(' ');
  return err?.stack === undefined ? `${head}\n` : `${head}\n${err.stack}\n`;
}

interface Entry {
  time: string;
  level: string;
  msg?: string;
  pid?: number;
  hostname?: string;
  err?: { stack?: string };
}
