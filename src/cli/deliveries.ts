import type { Command } from 'commander';
import { Option } from 'commander';
import type { Delivery } from '../contracts/delivery.ts';
import { DeliveryState } from '../contracts/delivery.ts';
import { describeDeliveries, describeDelivery, paintState } from './describe-delivery.ts';
import { findTable } from './find-table.ts';
import type { ListOptions } from './paging.ts';
import { paged, showList } from './paging.ts';
import { parseCount, parseTime } from './parse-flags.ts';
import type { Query, Rest } from './rest.ts';
import type { ClientOptions, Session } from './session.ts';
import { client, show } from './session.ts';
import { tailDeliveries } from './tail-deliveries.ts';

interface FilterOptions extends ClientOptions {
  webhook?: string;
  table?: string;
  record?: string;
  state?: string;
  since?: string;
  until?: string;
}

/** Adds `tablehook deliveries …`. */
export function addDeliveries(program: Command): void {
  const deliveries = program.command('deliveries').description('who got what, and what is still tried');
  addReads(deliveries);
  addTail(deliveries);
  addVerb(deliveries, {
    name: 'retry',
    description: 'attempt an open delivery now rather than later',
    run: async ({ rest }, id) => rest.deliveries.retry(id),
  });
  addVerb(deliveries, {
    name: 'cancel',
    description: 'attempt an open delivery no further',
    run: async ({ rest }, id) => rest.deliveries.cancel(id),
  });
  client<ClientOptions & { force?: boolean }>(
    deliveries
      .command('redeliver')
      .description('send a settled delivery again: same id, same bytes')
      .argument('<delivery>', 'its id')
      .option('--force', 'also when its webhook keeps order and already got a later version'),
    ['tablehook deliveries redeliver dlv_…', 'tablehook deliveries redeliver dlv_… --force'],
    async (session, { args: [id = ''], options: { force = false } }) =>
      showState(session, await session.rest.deliveries.redeliver(id, { force })),
  );
}

function filtered(command: Command): Command {
  return command
    .option('--webhook <webhook>', 'only of this webhook, by id')
    .option('--table <table>', 'only of this table, by id or name')
    .option('--record <record>', 'only of this record, by id')
    .addOption(new Option('--state <state>', 'only in this state').choices(DeliveryState.options));
}

function addReads(deliveries: Command): void {
  client<ListOptions & FilterOptions>(
    paged(filtered(deliveries.command('list').description('list deliveries, newest first')))
      .option('--since <time>', 'made at or after it: a time, or how long ago, such as 2h')
      .option('--until <time>', 'made before it'),
    [
      'tablehook deliveries list --table Tasks --state failed --since 2h',
      'tablehook deliveries list --record rec_…',
    ],
    async (session, { options }) =>
      showList<Delivery>(session, options, {
        read: session.rest.deliveries.list,
        filters: await toFilters(session.rest, options),
        describe: (data) => describeDeliveries(session.paint, data),
      }),
  );
  client(
    deliveries
      .command('show')
      .description('tell what became of a delivery, attempt by attempt')
      .argument('<delivery>', 'its id'),
    ['tablehook deliveries show dlv_…'],
    async (session, { args: [id = ''] }) => {
      const delivery = await session.rest.deliveries.get(id);
      show(session, delivery, () => describeDelivery(session.paint, delivery, new Date()));
    },
  );
}

function addTail(deliveries: Command): void {
  client<FilterOptions & { lines: string; interval: string }>(
    filtered(
      deliveries
        .command('tail')
        .description('follow deliveries as they are made and change state, until Ctrl-C (exit code 130)'),
    )
      .option('--lines <count>', 'begin with the latest so many', '10')
      .option('--interval <ms>', 'how often to look, in milliseconds', '1000'),
    [
      'tablehook deliveries tail',
      'tablehook deliveries tail --table Tasks --json | jq -c "{id, state}"',
      'tablehook deliveries tail --state failed --lines 0',
    ],
    async (session, { options }) =>
      tailDeliveries(session, {
        filters: await toFilters(session.rest, options),
        lines: parseCount(options.lines, { option: '--lines', least: 0, most: 200 }),
        intervalMs: parseCount(options.interval, { option: '--interval', least: 100, most: 3_600_000 }),
      }),
  );
}

interface Verb {
  name: string;
  description: string;
  run: (session: Session, id: string) => Promise<Delivery>;
}

function addVerb(deliveries: Command, { name, description, run }: Verb): void {
  client(
    deliveries.command(name).description(description).argument('<delivery>', 'its id'),
    [`tablehook deliveries ${name} dlv_…`],
    async (session, { args: [id = ''] }) => showState(session, await run(session, id)),
  );
}

function showState(session: Session, delivery: Delivery): void {
  show(session, delivery, () => `${delivery.id} is ${paintState(session.paint, delivery)}.`);
}

async function toFilters(rest: Rest, options: FilterOptions): Promise<Query> {
  const { webhook, table, record, state, since, until } = options;
  const now = new Date();
  return {
    webhookId: webhook,
    tableId: table === undefined ? undefined : (await findTable(rest, table)).id,
    recordId: record,
    state,
    since: since === undefined ? undefined : parseTime(since, now),
    until: until === undefined ? undefined : parseTime(until, now),
  };
}
