import { verifyWebhook } from 'tablehook/receiver';
import { isMain, requireEnv } from '../support/main.mjs';
import { refusal, serve } from '../support/serve.mjs';

/**
 * Between Tablehook and Slack: verifies the event, and posts a message when a critical record was deleted.
 * @param {object} options
 * @param {number} [options.port] 0 is a free one
 * @param {string} options.secret the webhook's `whsec_…`
 * @param {string} options.slackUrl an incoming webhook's URL; it is a credential
 * @param {(line: string) => void} [options.log]
 */
export async function startRelay({ port = 0, secret, slackUrl, log = () => {} }) {
  /** What became of the post to Slack, by webhook-id: a repeat waits for it and posts nothing itself. */
  const posts = new Map();

  const handle = async ({ headers, body }) => {
    let webhook;
    try {
      webhook = verifyWebhook({ headers, body }, { secrets: secret });
    } catch (error) {
      return refusal(error);
    }
    const { event, deliveryId: id } = webhook;
    if (event.type !== 'record.deleted' || event.items[0].previous.Critical !== true) return { status: 204 };

    if (!posts.has(id)) posts.set(id, post(slackUrl, toMessage(event)));
    const { ok, said, retryAfter } = await posts.get(id);
    log(`relay     Slack said: ${said}`);
    if (ok) return { status: 200, body: said };
    // Not taken: forget it, and let Tablehook try again, when Slack wants it.
    posts.delete(id);
    return {
      status: 502,
      ...(retryAfter && { headers: { 'retry-after': retryAfter } }),
      body: `Slack: ${said}`,
    };
  };

  return serve({ port, path: '/deleted', handle });
}

/**
 * A deletion as the body of a Slack incoming webhook.
 * @param {{ operatorId: string, table: { name: string }, items: { recordId: string, previous: any }[] }} event
 */
export function toMessage({ operatorId, table, items: [{ recordId, previous }] }) {
  const name = `${previous.Name ?? recordId}`.slice(0, 300);
  return {
    text: `:rotating_light: ${escape(operatorId)} deleted the critical record *${escape(name)}* (${escape(recordId)}) from ${escape(table.name)}`,
  };
}

/** The three characters that control Slack's markup: without this, a record named `<!channel>` would call everybody. */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

async function post(slackUrl, message) {
  try {
    const response = await fetch(slackUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      // Shorter than the 15 s Tablehook gives the relay.
      signal: AbortSignal.timeout(10_000),
    });
    const said = `${response.status} ${(await response.text()).slice(0, 200)}`;
    return { ok: response.ok, said, retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    return { ok: false, said: `no answer (${error.cause?.code ?? error.name})` };
  }
}

if (isMain(import.meta.url)) {
  const [secret, slackUrl] = requireEnv('WEBHOOK_SECRET', 'SLACK_WEBHOOK_URL');
  const { PORT = '4003' } = process.env;
  const { url } = await startRelay({ port: Number(PORT), secret, slackUrl, log: console.log });
  console.log(`The relay takes deletions at ${url}`);
}
