import { Webhook } from 'standardwebhooks';
import { isMain, requireEnv } from '../support/main.mjs';
import { serve } from '../support/serve.mjs';

/**
 * A project tool that starts the next step when a task is completed, once per completion.
 * @param {object} options
 * @param {number} [options.port] 0 is a free one
 * @param {string} options.secret the webhook's `whsec_…`
 * @param {(line: string) => void} [options.log]
 */
export async function startProjectTool({ port = 0, secret, log = () => {} }) {
  const webhook = new Webhook(secret);
  /** Steps by the webhook-id that started them. A real tool keeps the id in its database, unique. */
  const steps = new Map();

  const handle = ({ headers, body }) => {
    let event;
    try {
      event = webhook.verify(body, headers);
    } catch {
      return { status: 401, body: 'wrong signature' };
    }
    const [item] = event.items;
    if (event.type !== 'record.updated' || !isCompleted(item)) return { status: 204 };

    const id = headers['webhook-id'];
    if (steps.has(id)) return { status: 200, body: 'started already' };
    const step = { name: `Review: ${item.record.Title}`, taskId: item.recordId, startedBy: event.operatorId };
    steps.set(id, step);
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
