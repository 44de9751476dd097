import { hostname } from 'node:os';
import type { Command } from 'commander';
import { CliError, EXIT, RefusedError, UsageError } from './cli-error.ts';
import { describeHeard } from './describe-event.ts';
import { findTable } from './find-table.ts';
import { formatJson } from './format.ts';
import { untilInterrupted } from './interrupted.ts';
import type { Heard } from './listen-server.ts';
import { startListener } from './listen-server.ts';
import { append, parseCount } from './parse-flags.ts';
import type { ClientOptions, Session } from './session.ts';
import { client } from './session.ts';

interface ListenOptions extends ClientOptions {
  port: string;
  secret?: string[];
  answer: string;
  table?: string;
  event?: string[];
  endpoint?: string;
}

/** Adds `tablehook listen`. */
export function addListen(program: Command): void {
  client<ListenOptions>(
    program
      .command('listen')
      .description('be an endpoint on this machine, and print what comes, until Ctrl-C (exit code 130)')
      .option('--port <port>', 'where to listen on 127.0.0.1; 0 is a free one', '4000')
      .option('--secret <whsec>', 'what signatures are verified with; repeatable', append)
      .option('--answer <status>', 'the status to answer', '200')
      .option('--table <table>', 'register a webhook for this table, by id or name, and delete it at the end')
      .option('--event <event>', 'with --table: record.created, .updated, .deleted; repeatable', append)
      .option('--endpoint <url>', 'with --table: where Tablehook reaches this machine, such as a tunnel'),
    [
      'tablehook listen --table Tasks',
      'tablehook listen --table Tasks --event record.deleted --answer 503',
      'tablehook listen --port 4000 --secret whsec_…',
      'tablehook listen --table Tasks --json | jq .event.items',
    ],
    async (session, { options }) => listen(session, options),
  );
}

async function listen(session: Session, options: ListenOptions): Promise<never> {
  const { table, secret = [], event, endpoint } = options;
  if (table === undefined && (event || endpoint))
    throw new UsageError('--event and --endpoint need --table.');
  if (table !== undefined && secret.length > 0) {
    throw new UsageError('Give --table or --secret: with --table the secret is known.');
  }
  if (!secret.every((one) => /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(one))) {
    throw new UsageError('--secret is whsec_ and base64, as it was shown when the webhook was made.');
  }
  const interrupted = untilInterrupted();
  const secrets = [...secret];
  const listener = await startListener({
    port: parseCount(options.port, { option: '--port', least: 0, most: 65_535 }),
    answer: parseCount(options.answer, { option: '--answer', least: 200, most: 599 }),
    secrets,
    onHeard: (heard) => tell(session, heard),
  });
  try {
    const registered = table === undefined ? null : await register(session, options, listener.url);
    if (registered) secrets.push(registered.secret);
    session.note(`Listening at ${listener.url}${registered?.words ?? ''}. Ctrl-C ends it.`);
    await interrupted;
    if (registered) await unregister(session, registered.id);
  } finally {
    await listener.close();
  }
  throw new CliError(EXIT.interrupted, '');
}

async function register(session: Session, { table = '', event, endpoint }: ListenOptions, url: string) {
  const { id: tableId, name } = await findTable(session.rest, table);
  const webhook = await session.rest.webhooks.create(tableId, {
    name: `tablehook listen (${hostname()}:${new URL(url).port})`.slice(0, 100),
    description: 'Temporary: made by `tablehook listen`, which deletes it when it ends.',
    url: endpoint ?? url,
    events: event ?? ['record.*'],
  });
  const events = webhook.events.join(', ');
  return { id: webhook.id, secret: webhook.secret, words: ` for ${events} of ${name} (${webhook.id})` };
}

async function unregister({ rest, note }: Session, webhookId: string): Promise<void> {
  try {
    await rest.webhooks.remove(webhookId);
    note(`Deleted ${webhookId}.`);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The webhook is still there. To delete it: tablehook webhooks delete ${webhookId}\n  ${reason}`;
    throw new CliError(EXIT.refused, message, { cause: error });
  }
}

function tell({ json, print, paint }: Session, heard: Heard): void {
  const { body, ...shown } = heard;
  print(json ? formatJson({ ...shown, ...(heard.event === null && { body }) }) : describeHeard(paint, heard));
}
