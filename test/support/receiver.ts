import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventBody } from '../../src/contracts/event-body.ts';

/** One request as the endpoint got it. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  event: EventBody;
}

/** How to answer: a status with headers and body, or a function that does it all (or never does). */
export type Answer =
  | { status: number; headers?: Record<string, string>; body?: string }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** A real local endpoint. */
export interface Receiver {
  url: string;
  received: Received[];
  /** Answers to come, in order; when they are used up, 200. */
  answerNext: (...answers: Answer[]) => void;
  /** The answer to everything that has no other; 200 at first. */
  answerAlways: (answer: Answer) => void;
  close: () => Promise<void>;
}

/** Starts an endpoint on a free loopback port, or on the given one. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const next: Answer[] = [];
  let always: Answer = { status: 200, body: 'ok' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        body,
        event: JSON.parse(body) as EventBody,
      });
      give(next.shift() ?? always, request, response);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}/hook`,
    received,
    answerNext: (...answers) => {
      next.push(...answers);
    },
    answerAlways: (answer) => {
      always = answer;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function give(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (typeof answer === 'function') answer(request, response);
  else response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
}

/** Never answers; the connection stays open until the other side gives up. */
export const hang: Answer = () => undefined;
