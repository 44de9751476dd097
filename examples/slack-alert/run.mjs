import { orThrow } from 'tablehook/client';
import { isMain, tell } from '../support/main.mjs';
import { findFreePort } from '../support/serve.mjs';
import { check, connect, summary, untilDeliveries } from '../support/tablehook.mjs';
import { SLACK_PATH, startSlack } from './slack.mjs';

/**
 * The deletion of a critical record is told in Slack, although Slack is down at first. With a `slackUrl` of yours it is
 * told there; without one, a stand-in comes up after the first attempt.
 * @param {{ url: string, apiKey: string, slackUrl?: string, timeoutMs?: number, log?: (line: string) => void }} target
 */
export async function runStory({ url, apiKey, slackUrl, timeoutMs = 30_000, log = () => {} }) {
  const tablehook = connect({ url, apiKey });
  const slackPort = await findFreePort();

  const table = await orThrow(
    tablehook.POST('/v1/tables', {
      body: {
        name: 'Contracts',
        fields: [
          { name: 'Name', type: 'text' },
          { name: 'Critical', type: 'boolean' },
        ],
      },
    }),
  );
  log(`table     ${table.id} Contracts`);

  const webhook = await orThrow(
    tablehook.POST('/v1/tables/{tableId}/webhooks', {
      params: { path: { tableId: table.id } },
      body: {
        name: 'Slack alert',
        // A credential: kept encrypted, and shown only to keys that may write webhooks.
        url: slackUrl ?? `http://127.0.0.1:${slackPort}${SLACK_PATH}`,
        events: ['record.deleted'],
        condition: { filter: { Critical: true } },
        payload: { format: 'slack' },
        retry: { initialMs: 1_000, factor: 2 },
      },
    }),
  );
  log(`webhook   ${webhook.id} tells ${new URL(webhook.url).host} of deletions that are critical`);

  let slack;
  try {
    const remove = async (values) => {
      const record = await orThrow(
        tablehook.POST('/v1/tables/{tableId}/records', {
          params: { path: { tableId: table.id } },
          body: { values },
        }),
      );
      const { error, response } = await tablehook.DELETE('/v1/tables/{tableId}/records/{recordId}', {
        params: { path: { tableId: table.id, recordId: record.id }, query: { operatorId: 'bob' } },
      });
      check(!error, `the deletion was answered with ${error?.detail}`);
      log(`record    ${record.id} ${JSON.stringify(values)} was deleted`);
      return response.headers.get('tablehook-change-id');
    };

    const minorId = await remove({ Name: 'Draft', Critical: false });
    const changeId = await remove({ Name: 'Smith & Sons, 2026', Critical: true });
    if (!slackUrl) {
      const first = await untilDeliveries(tablehook, changeId, { states: ['retrying'] });
      log(`outcome   ${summary(first)}, next attempt at ${first.deliveries[0].nextAttemptAt}`);
      slack = await startSlack({ port: slackPort, log });
      log('Slack     is up');
    }
    const change = await untilDeliveries(tablehook, changeId, { timeoutMs });
    log(`outcome   ${summary(change)}`);
    log(`Temporal  ${change.workflow?.url ?? change.workflow?.id}`);
    check(change.deliveries[0].state === 'delivered', `the delivery is ${summary(change)}`);
    const minor = await orThrow(
      tablehook.GET('/v1/changes/{changeId}', { params: { path: { changeId: minorId } } }),
    );
    check(minor.deliveries.length === 0, `the minor deletion is ${summary(minor)}`);
    if (slack) check(slack.messages.length === 1, `Slack has ${slack.messages.length} messages, not 1`);
    return { change, messages: slack?.messages ?? [] };
  } finally {
    await slack?.close();
  }
}

if (isMain(import.meta.url)) {
  const { SLACK_WEBHOOK_URL } = process.env;
  await tell((target) => runStory({ ...target, ...(SLACK_WEBHOOK_URL && { slackUrl: SLACK_WEBHOOK_URL }) }));
}
