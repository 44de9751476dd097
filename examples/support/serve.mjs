import { createServer } from 'node:http';
import { ReceiverError } from 'tablehook/receiver';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * @typedef {{ method: string, headers: Record<string, string>, body: string }} Request
 *   `body` is exactly what was sent: a signature is checked against these bytes, never against parsed JSON.
 * @typedef {{ status: number, headers?: Record<string, string>, body?: string }} Answer
 * @typedef {{ url: string, close: () => Promise<void> }} Served
 */

/**
 * A small HTTP server on the loopback address. What `handle` throws is answered with a 500, which Tablehook tries again.
 * @param {{ port: number, path: string, handle: (request: Request) => Answer | Promise<Answer> }} options port 0 is a free one
 * @returns {Promise<Served>}
 */
export async function serve({ port, path, handle }) {
  const answer = async (request, response) => {
    const found = request.url === path;
    const answering = found ? answerTo(request, handle) : Promise.resolve({ status: 404, body: 'not found' });
    const { status, headers, body = '' } = await answering.catch(toServerError);
    response.writeHead(status, headers).end(body);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  return {
    url: `http://127.0.0.1:${server.address().port}${path}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port that is free now: a webhook needs its URL before the secret that its receiver starts with is known. */
export async function findFreePort() {
  const { url, close } = await serve({ port: 0, path: '/', handle: () => ({ status: 503 }) });
  await close();
  return Number(new URL(url).port);
}

/**
 * The answer to a request that is not genuine, or no event; what else was thrown is thrown on.
 * @param {unknown} error
 * @returns {Answer}
 */
export function refusal(error) {
  if (error instanceof ReceiverError) return { status: error.status, body: error.message };
  throw error;
}

/** @returns {Promise<Answer>} */
async function answerTo(request, handle) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return { status: 413, headers: { connection: 'close' }, body: 'too large' };
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, `${value}`]),
  );
  return handle({ method: request.method, headers, body: Buffer.concat(chunks).toString('utf8') });
}

/** @returns {Answer} */
function toServerError(error) {
  console.error(error);
  return { status: 500, body: 'internal error' };
}
