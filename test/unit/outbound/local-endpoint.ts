import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createAddressPolicy } from '../../../src/outbound/address-policy.ts';
import type { AttemptResult, WebhookClient, WebhookRequest } from '../../../src/outbound/post-webhook.ts';
import { postWebhook } from '../../../src/outbound/post-webhook.ts';
import { createSafeAgent, type SafeAgentOptions } from '../../../src/outbound/safe-agent.ts';

// Far more than a call needs, so that only what hangs on purpose meets it.
export const PATIENT_MS = 30_000;

/** Listens on a free loopback port until the test is over. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}

export async function startHttp(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

/** A server that speaks whatever it is told to once a whole request head has come. */
export async function startRaw(onRequest: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      const before = head;
      head += chunk.toString('latin1');
      if (head.includes('\r\n\r\n') && !before.includes('\r\n\r\n')) onRequest(socket);
    });
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

/** A port nobody listens on. */
export async function deadOrigin(): Promise<string> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** A client that may call loopback, closed when the test is over. */
export function createClient(options: Partial<SafeAgentOptions & WebhookClient> = {}): WebhookClient {
  const policy = createAddressPolicy({ allowCidrs: ['127.0.0.0/8', '::1/128'] });
  const agent = createSafeAgent({ policy, ...options });
  onTestFinished(() => agent.destroy());
  const { bodyGraceMs = PATIENT_MS, clock } = options;
  const target = { policy, requireHttps: false, refusedOrigins: [] };
  return { agent, target, bodyGraceMs, ...(clock && { clock }) };
}

export function post(url: string, request: Partial<WebhookRequest> = {}): WebhookRequest {
  return { url, method: 'POST', headers: {}, body: '{}', timeoutMs: PATIENT_MS, ...request };
}

/** What `postWebhook` makes of an endpoint that answers these very bytes, and then does as told. */
export async function answerRaw(
  answer: string,
  after: (socket: Socket) => void = (socket) => socket.end(),
): Promise<AttemptResult> {
  const url = await startRaw((socket) => socket.write(answer, 'latin1', () => after(socket)));
  return postWebhook(createClient(), post(url));
}
