import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { refuseBroken } from './api/refuse-broken.ts';
import { AppError } from './errors.ts';
import { oneAtATime } from './one-at-a-time.ts';

/** A request has 30 s to arrive, and a write 5 s to end: what is unfinished after both will not finish. */
export const DRAIN_MS = 40_000;

/**
 * Connections that may wait to be taken while a process is busy; the system's own limit, 4,096 on Linux, caps it. One too
 * many is not refused: its client tries again by itself, a second later, then two, and so on, and hears nothing meanwhile.
 */
const BACKLOG = 4_096;

/**
 * How long a connection is kept for the client's next request: longer than load balancers and proxies keep theirs, from
 * 60 to 600 s, since one that we closed first might be under the request that comes just then. And under full load a new
 * one waits long to be taken.
 */
const KEEP_ALIVE_MS = 620_000;

/** How long clients may take, in milliseconds. */
export interface Patience {
  headersMs: number;
  /** Headers and body. */
  requestMs: number;
  /** Without a byte in either direction, such as a client that does not read its answer. Longer than any answer takes. */
  idleMs: number;
}

/** Slow senders are not waited for, and hold no place any more. */
export const PATIENCE: Patience = { headersMs: 10_000, requestMs: 30_000, idleMs: 120_000 };

export interface ListenOptions {
  host: string;
  port: number;
  drainMs?: number;
  patience?: Patience;
}

/** A listening HTTP server and how to close it. */
export interface Listening {
  url: string;
  close: () => Promise<void>;
}

/** Serves an app. Port 0 is a free one. Throws an AppError that names the port when it is taken. */
export async function listen(
  app: Express,
  { host, port, drainMs = DRAIN_MS, patience = PATIENCE }: ListenOptions,
): Promise<Listening> {
  const { headersMs, requestMs, idleMs } = patience;
  const drain = openDrain(drainMs);
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1_000, headersMs, requestMs / 10),
    },
    oneAtATime((request, response) => {
      drain.track(response);
      app(request, response);
    }),
  );
  server.timeout = idleMs;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('clientError', (error, socket) => {
    const begun = [...drain.answering].some((response) => response.socket === socket && response.headersSent);
    if (begun || !socket.writable) socket.destroy();
    else refuseBroken(error, socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, { host, port })));
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });
  return { url: urlOf(server, host), close: async () => drain.close(server) };
}

/** Throws an AppError that names the port when `listen` would find it taken now. */
export async function requireListenable({ host, port }: { host: string; port: number }): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error) => reject(toListenError(error, { host, port })));
    probe.listen(port, host, resolve);
  });
  await new Promise((resolve) => probe.close(resolve));
}

function urlOf(server: Server, host: string): string {
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

/**
 * Requests being answered are finished, within the drain time; idle connections are closed at once, busy ones behind the
 * answer under way: a client that kept one busy would otherwise keep the server from ever ending.
 */
function openDrain(drainMs: number) {
  const answering = new Set<ServerResponse>();
  let closing = false;
  return {
    answering,
    track: (response: ServerResponse) => {
      if (closing) response.setHeader('connection', 'close');
      answering.add(response);
      response.once('close', () => answering.delete(response));
    },
    close: async (server: Server) => {
      closing = true;
      for (const response of answering) if (!response.headersSent) response.setHeader('connection', 'close');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), drainMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
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
