import { isMain } from '../support/main.mjs';
import { serve } from '../support/serve.mjs';

/**
 * A stand-in for a Slack incoming webhook: it takes only what Slack takes, and answers in Slack's words.
 * @param {{ port?: number, log?: (line: string) => void }} [options]
 */
export async function startSlack({ port = 0, log = () => {} } = {}) {
  /** @type {string[]} */
  const messages = [];

  const handle = ({ method, headers, body }) => {
    if (method !== 'POST') return { status: 405, body: 'method_not_allowed' };
    const payload = parse(headers['content-type'], body);
    if (payload === null) return { status: 400, body: 'invalid_payload' };
    if (typeof payload.text !== 'string' || payload.text.trim() === '')
      return { status: 400, body: 'no_text' };
    if (payload.blocks !== undefined && !areBlocks(payload.blocks))
      return { status: 400, body: 'invalid_blocks' };
    messages.push(payload.text);
    log(`Slack     ${payload.text}`);
    return { status: 200, body: 'ok' };
  };

  const { url, close } = await serve({ port, path: SLACK_PATH, handle });
  return { url, close, messages };
}

export const SLACK_PATH = '/services/T000/B000/XXXX';

/** As far as a stand-in goes: a list of at most 50, each of a type. */
function areBlocks(blocks) {
  return (
    Array.isArray(blocks) && blocks.length <= 50 && blocks.every((block) => typeof block?.type === 'string')
  );
}

/** The object that was sent, or null when it is none. */
function parse(contentType = '', body) {
  if (!/^application\/json\s*(;|$)/i.test(contentType)) return null;
  try {
    const payload = JSON.parse(body);
    return typeof payload === 'object' && !Array.isArray(payload) ? payload : null;
  } catch {
    return null;
  }
}

if (isMain(import.meta.url)) {
  const { PORT = '4004' } = process.env;
  const { url } = await startSlack({ port: Number(PORT), log: console.log });
  console.log(`export SLACK_WEBHOOK_URL=${url}`);
}
