import type { Receiver } from './receiver.ts';
import { startReceiver } from './receiver.ts';

const SENT_ON = [
  'authorization',
  'content-type',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'tablehook-attempt',
];

/** Stands before an endpoint and hands everything on; of the first call it loses the answer and says 503. */
export async function loseFirstAnswer(targetUrl: string): Promise<Receiver> {
  const before = await startReceiver();
  const handOn = async () => {
    const last = before.received.at(-1);
    const headers = Object.fromEntries(
      SENT_ON.map((name) => [name, [last?.headers[name] ?? ''].flat().join(', ')]),
    );
    return fetch(targetUrl, { method: 'POST', headers, body: last?.body ?? '' });
  };
  before.answerNext((_request, response) => {
    void handOn().finally(() => response.writeHead(503).end('lost'));
  });
  before.answerAlways((_request, response) => {
    void handOn().then(
      async (answer) => response.writeHead(answer.status).end(await answer.text()),
      () => response.writeHead(500).end(),
    );
  });
  return before;
}
