import type { Command } from 'commander';
import { UsageError } from './cli-error.ts';
import {
  describeHealth,
  describePreview,
  describeSecret,
  describeTest,
  describeWebhook,
} from './describe-webhook.ts';
import { formatTime } from './format.ts';
import { parseCount } from './parse-flags.ts';
import type { ClientOptions } from './session.ts';
import { client, show } from './session.ts';

/** Adds what is done with a webhook that is there: `pause`, `resume`, `health`, `test`, `preview`, `rotate-secret`, `duplicate`. */
export function addWebhookControl(webhooks: Command): void {
  const verb = (name: string, description: string) =>
    webhooks.command(name).description(description).argument('<webhook>', 'its id');
  addHolding(verb);
  addTrying(verb);
  addCopying(verb);
}

type AddVerb = (name: string, description: string) => Command;

function addHolding(verb: AddVerb): void {
  client<ClientOptions & { reason?: string }>(
    verb('pause', 'hold its deliveries; none is lost').option('--reason <text>', 'why'),
    ['tablehook webhooks pause whk_… --reason "the CRM is being moved"'],
    async (session, { args: [id = ''], options: { reason } }) => {
      const webhook = await session.rest.webhooks.pause(id, { ...(reason !== undefined && { reason }) });
      show(session, webhook, () => describeWebhook(session.paint, webhook));
    },
  );
  client<ClientOptions & { rate?: string }>(
    verb('resume', 'let what waits go, oldest first').option(
      '--rate <per-second>',
      'at most so many a second',
    ),
    ['tablehook webhooks resume whk_…', 'tablehook webhooks resume whk_… --rate 50'],
    async (session, { args: [id = ''], options: { rate } }) => {
      const resumed = await session.rest.webhooks.resume(id, {
        ...(rate !== undefined && { ratePerSecond: toRate(rate) }),
      });
      show(session, resumed, ({ waiting }) =>
        waiting === 1 ? 'Resumed: 1 delivery waited.' : `Resumed: ${waiting} deliveries waited.`,
      );
    },
  );
  client(
    verb('health', 'how its endpoint fares, what waits, and when it is called next'),
    ['tablehook webhooks health whk_…'],
    async (session, { args: [id = ''] }) => {
      const health = await session.rest.webhooks.health(id);
      show(session, health, () => describeHealth(session.paint, health, new Date()));
    },
  );
}

function addTrying(verb: AddVerb): void {
  client<ClientOptions & { record?: string; event?: string }>(
    verb('test', 'call its endpoint now, with a sample or a given record')
      .option('--record <record>', 'the record to send, by id')
      .option('--event <event>', 'record.created, record.updated or record.deleted'),
    ['tablehook webhooks test whk_…', 'tablehook webhooks test whk_… --record rec_… --event record.updated'],
    async (session, { args: [id = ''], options: { record, event } }) => {
      const tested = await session.rest.webhooks.test(id, {
        ...(record !== undefined && { recordId: record }),
        ...(event !== undefined && { eventType: event }),
      });
      show(session, tested, () => describeTest(session.paint, tested));
    },
  );
  client<ClientOptions & { limit?: string }>(
    verb('preview', 'which of the latest changes it would have heard, and why not the others').option(
      '--limit <count>',
      'how many changes to look at',
    ),
    ['tablehook webhooks preview whk_… --limit 20'],
    async (session, { args: [id = ''], options: { limit } }) => {
      const preview = await session.rest.webhooks.preview(id, {
        ...(limit !== undefined && {
          limit: parseCount(limit, { option: '--limit', least: 1, most: 200 }),
        }),
      });
      show(session, preview, () => describePreview(session.paint, preview));
    },
  );
}

function addCopying(verb: AddVerb): void {
  client<ClientOptions & { overlapSeconds?: string }>(
    verb('rotate-secret', 'make a new signing secret; the old one stays valid for a while').option(
      '--overlap-seconds <seconds>',
      'for how long',
    ),
    [
      'tablehook webhooks rotate-secret whk_…',
      'tablehook webhooks rotate-secret whk_… --overlap-seconds 3600',
    ],
    async (session, { args: [id = ''], options: { overlapSeconds: overlap } }) => {
      const bounds = { option: '--overlap-seconds', least: 0, most: 604_800 };
      const rotated = await session.rest.webhooks.rotateSecret(id, {
        ...(overlap !== undefined && { overlapSeconds: parseCount(overlap, bounds) }),
      });
      show(session, rotated, ({ secret, previousValidUntil: until }) =>
        [
          `The new secret, shown only now: ${session.paint.strong(secret)}`,
          until === null ? 'The old one signs no more.' : `Both sign until ${formatTime(until)}.`,
        ].join('\n'),
      );
    },
  );
  client(
    verb('duplicate', 'make a copy, disabled, with a secret of its own'),
    ['tablehook webhooks duplicate whk_…'],
    async (session, { args: [id = ''] }) => {
      const webhook = await session.rest.webhooks.duplicate(id, {});
      show(session, webhook, () => describeSecret(session.paint, webhook));
    },
  );
}

function toRate(text: string): number {
  const rate = Number(text);
  if (text.trim() !== '' && Number.isFinite(rate) && rate > 0) return rate;
  throw new UsageError(`--rate must be a number above 0, not ${JSON.stringify(text)}.`);
}
