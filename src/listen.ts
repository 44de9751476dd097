import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { AppError } from './errors.ts';

/** A listening HTTP server and how to close it. */
export interface Listening {
  url: string;
  close: () => Promise<void>;
}

/** Serves an app. Port 0 is a free one. Throws an AppError that names the port when it is taken. */
export async function listen(
  app: Express,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const server = createServer(app);
  // A request must arrive in 30 s: slow senders are not waited for.
  server.requestTimeout = 30_000;
  const close = prepareClose(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, { host, port })));
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server, host), close };
}

function urlOf(server: Server, host: string): string {
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

/**
 * Requests being answered are finished; idle connections are closed at once, busy ones behind the answer under way: a
 * client that kept one busy would otherwise keep the server from ever ending.
 */
function prepareClose(server: Server): () => Promise<void> {
  const answering = new Set<ServerResponse>();
  let closing = false;
  server.prependListener('request', (_request, response) => {
    if (closing) response.setHeader('connection', 'close');
    answering.add(response);
    response.once('close', () => answering.delete(response));
  });
  return async () => {
    closing = true;
    for (const response of answering) if (!response.headersSent) response.setHeader('connection', 'close');
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  };
}

function toListenError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  if (error.code === 'EADDRINUSE') {
    return new AppError('unavailable', `Port ${port} on ${host} is taken. Set PORT to another one.`, {
      cause: error,
    });
  }
  return error;
}
