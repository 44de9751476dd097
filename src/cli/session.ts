import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { ClientConfig } from '../config.ts';
import { loadClientConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import { UsageError } from './cli-error.ts';
import { formatJson, printable } from './format.ts';
import type { Paint } from './paint.ts';
import { createPaint } from './paint.ts';
import type { Rest } from './rest.ts';
import { createRest } from './rest.ts';

/** Options of every command that calls the API. */
export interface ClientOptions {
  url?: string;
  apiKey?: string;
  json?: boolean;
}

/** What a command works with. */
export interface Session {
  /** Throws UsageError when there is no API key. */
  readonly rest: Rest;
  json: boolean;
  paint: Paint;
  /** A line of what was asked for, to stdout. */
  print: (line: string) => void;
  /** A line beside it, to stderr. */
  note: (line: string) => void;
}

export interface Given<Options> {
  args: string[];
  options: Options;
}

const AFTER = `
Environment: TABLEHOOK_URL (http://127.0.0.1:3000), TABLEHOOK_API_KEY, or the same in .env. Without a key, and with a
loopback address, the key that \`npm start\` keeps in DATA_DIR (.tablehook/api-key) is taken.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 nobody answers, 130 interrupted.`;

/** Gives a command the options of the client, its examples, and a handler that gets a session. */
export function client<Options extends ClientOptions>(
  command: Command,
  examples: readonly string[],
  handle: (session: Session, given: Given<Options>) => Promise<void>,
): Command {
  return command
    .option('--json', "print the API's JSON")
    .option('--url <url>', 'where Tablehook is')
    .option('--api-key <key>', 'the API key (others may see it in the list of processes)')
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}\n${AFTER}`)
    .action(async (...given: unknown[]) => {
      // Commander hands over the arguments, the options, and last the command itself.
      const { args } = given.at(-1) as Command;
      const options = (given.at(-1) as Command).opts<Options>();
      await handle(openSession(options), { args, options });
    });
}

/** Prints an answer: as JSON when that was asked for, else in words. */
export function show<T>({ json, print }: Session, answer: T, describe: (answer: T) => string): void {
  print(json ? formatJson(answer, 2) : describe(answer));
}

function openSession(options: ClientOptions): Session {
  const config = readConfig(options);
  let rest: Rest | null = null;
  return {
    get rest() {
      rest ??= createRest({ url: config.url, apiKey: config.apiKey ?? readKeptKey(config) });
      return rest;
    },
    json: options.json ?? false,
    paint: createPaint(config.colour && process.stdout.isTTY),
    print: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${printable(line)}\n`),
  };
}

function readConfig(options: ClientOptions): ClientConfig {
  try {
    return loadClientConfig(options);
  } catch (error) {
    throw error instanceof AppError ? new UsageError(error.message, { cause: error }) : error;
  }
}

function readKeptKey({ url, dataDir }: ClientConfig): string {
  const file = join(dataDir, 'api-key');
  const { hostname } = new URL(url);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (isLoopback && existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new UsageError(
    'There is no API key. Set TABLEHOOK_API_KEY or give --api-key; `npm start` prints one when it starts.',
  );
}
