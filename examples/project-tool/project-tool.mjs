import { verifyWebhook } from 'tablehook/receiver';
import { isMain, requireEnv } from '../support/main.mjs';
import { refusal, serve } from '../support/serve.mjs';

/**
 * A project tool that starts the next step when a task is completed, once per completion.
 * @param {object} options
 * @param {number} [options.port] 0 is a free one
 * @param {string} options.secret the webhook's `whsec_…`
 * @param {(line: string) => void} [options.log]
 */
export async function startProjectTool({ port = 0, secret, log = () => {} }) {
  /** Steps by the webhook-id that started them. A real tool keeps the id in its database, unique. */
  const steps = new Map();

  const handle = ({ headers, body }) => {
    /** @type {import('tablehook/receiver').VerifiedWebhook<{ Title: string, Status: string }>} */
    let webhook;
    try {
      webhook = verifyWebhook({ headers, body }, { secrets: secret });
    } catch (error) {
      return refusal(error);
    }
    const { event, deliveryId } = webhook;
    const [item] = event.items;
    if (event.type !== 'record.updated' || !isCompleted(item)) return { status: 204 };

    if (steps.has(deliveryId)) return { status: 200, body: 'started already' };
    const step = { name: `Review: ${item.record.Title}`, taskId: item.recordId, startedBy: event.operatorId };
    steps.set(deliveryId, step);
    log(`tool      started "${step.name}"`);
    return { status: 201, body: 'started' };
  };

  const { url, close } = await serve({ port, path: '/tasks', handle });
  return { url, close, steps: () => [...steps.values()] };
}

/** Whether this update took the task from pending to completed, whatever else it changed. */
function isCompleted({ changes }) {
  return changes.some(
    ({ fieldName, from, to }) => fieldName === 'Status' && from === 'pending' && to === 'completed',
  );
}

if (isMain(import.meta.url)) {
  const [secret] = requireEnv('WEBHOOK_SECRET');
  const { PORT = '4002' } = process.env;
  const { url } = await startProjectTool({ port: Number(PORT), secret, log: console.log });
  console.log(`The project tool listens for tasks at ${url}`);
}
