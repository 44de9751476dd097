import type { Command } from 'commander';
import type { Webhook } from '../contracts/webhook.ts';
import { UsageError } from './cli-error.ts';
import { describeSecret, describeWebhook, describeWebhooks } from './describe-webhook.ts';
import { findTable } from './find-table.ts';
import type { ListOptions } from './paging.ts';
import { paged, showList } from './paging.ts';
import { collect } from './rest.ts';
import type { Session } from './session.ts';
import { client, show } from './session.ts';
import { addWebhookControl } from './webhook-control.ts';
import type { RegistrationOptions } from './webhook-flags.ts';
import { addRegistrationOptions, toRegistration } from './webhook-flags.ts';

/** Adds `tablehook webhooks …`. */
export function addWebhooks(program: Command): void {
  const webhooks = program.command('webhooks').description('who is called when records change');
  addReads(webhooks);
  addCreate(webhooks);
  addUpdate(webhooks);
  client(
    webhooks
      .command('delete')
      .description('delete a webhook and cancel its open deliveries')
      .argument('<webhook>', 'its id'),
    ['tablehook webhooks delete whk_…'],
    async (session, { args: [id = ''] }) => {
      await session.rest.webhooks.remove(id);
      show(session, { id, deleted: true }, () => `Deleted ${id}.`);
    },
  );
  addWebhookControl(webhooks);
}

function addReads(webhooks: Command): void {
  client<ListOptions & { table?: string }>(
    paged(webhooks.command('list').description('list webhooks, oldest first')).option(
      '--table <table>',
      'only of this table, by id or name',
    ),
    ['tablehook webhooks list', 'tablehook webhooks list --table Tasks --json'],
    async (session, { options }) => listWebhooks(session, options),
  );
  client(
    webhooks.command('show').description('show a webhook').argument('<webhook>', 'its id'),
    ['tablehook webhooks show whk_…'],
    async (session, { args: [id = ''] }) =>
      show(session, await session.rest.webhooks.get(id), (webhook) =>
        describeWebhook(session.paint, webhook),
      ),
  );
}

async function listWebhooks(session: Session, options: ListOptions & { table?: string }): Promise<void> {
  const { rest, paint } = session;
  const describe = (data: Webhook[]) => describeWebhooks(paint, data);
  if (options.table !== undefined) {
    const { id } = await findTable(rest, options.table);
    await showList<Webhook>(session, options, {
      read: async (query) => rest.webhooks.list(id, query),
      describe,
    });
    return;
  }
  if (options.cursor !== undefined) throw new UsageError('--cursor goes on with a list of one --table.');
  const all = { limit: Number.MAX_SAFE_INTEGER };
  const tables = await collect(rest.tables.list, all);
  const data: Webhook[] = [];
  for (const { id } of tables.data) {
    data.push(...(await collect<Webhook>(async (query) => rest.webhooks.list(id, query), all)).data);
  }
  show(session, { data, nextCursor: null }, () => describe(data));
}

function addCreate(webhooks: Command): void {
  client<RegistrationOptions & { table: string }>(
    addRegistrationOptions(webhooks.command('create').description('register a webhook for a table'))
      .requiredOption('--table <table>', 'id or name of the table')
      .option('--disable', 'call nobody yet')
      .option('-q, --quiet', 'print only the id; the secret is not shown then'),
    [
      'tablehook webhooks create --table Tasks --name CRM --endpoint https://crm.example/tasks --event "record.*"',
      'tablehook webhooks create --table Tasks --name CRM --endpoint https://crm.example/tasks \\\n    --event record.created --header "Authorization: Bearer x"',
      `tablehook webhooks create --table Tasks --name Done --endpoint https://hooks.slack.example/… --event record.updated \\\n    --watch Status --filter '{"Status":"completed"}' --when enters --format slack`,
      `tablehook webhooks create --table Tasks --name CRM --endpoint https://crm.example/tasks --event "record.*" \\\n    --data '{"delivery":{"order":"record"},"retry":{"giveUpAfterMs":86400000}}'`,
    ],
    async (session, { options }) => {
      const { id } = await findTable(session.rest, options.table);
      const webhook = await session.rest.webhooks.create(id, toRegistration(options));
      if (options.quiet) session.print(webhook.id);
      else show(session, webhook, () => describeSecret(session.paint, webhook));
    },
  );
}

function addUpdate(webhooks: Command): void {
  client<RegistrationOptions>(
    addRegistrationOptions(
      webhooks
        .command('update')
        .description('edit a webhook; it counts from the next attempt of what is under way')
        .argument('<webhook>', 'its id'),
    )
      .option('--enable', 'let it be called')
      .option('--disable', 'call nobody; what is owed waits'),
    [
      'tablehook webhooks update whk_… --endpoint https://crm.example/v2/tasks',
      'tablehook webhooks update whk_… --disable',
      `tablehook webhooks update whk_… --data '{"delivery":{"ratePerSecond":20}}'`,
    ],
    async (session, { args: [id = ''], options }) => {
      const body = toRegistration(options);
      if (Object.keys(body).length === 0)
        throw new UsageError('Say what to edit; --help lists what there is.');
      const webhook = await session.rest.webhooks.update(id, body);
      show(session, webhook, () => describeWebhook(session.paint, webhook));
    },
  );
}
