import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { nowMs } from '../clock.ts';
import type { Arrival, SinkCounts } from './arrival.ts';
import { parsePath } from './behaviour.ts';
import type { Door } from './door.ts';
import { createDoor } from './door.ts';

export interface Sink extends Door {
  server: Server;
  counts: () => SinkCounts;
  arrivals: () => Arrival[];
  /** Forgets everything so far. */
  reset: () => void;
}

interface State {
  arrivals: Arrival[];
  seen: Set<string>;
  refusedOnce: Set<string>;
  calls: number;
  hanging: number;
  dropped: number;
}

const SLOW_MS = 500;

/** The endpoints of every webhook of a run, on plain HTTP. Keeps when each delivery came; does nothing else with it. */
export function createSink(): Sink {
  let state = emptyState();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(state, { request, response, body: Buffer.concat(chunks) }));
  });
  return {
    server,
    ...createDoor(server),
    counts: () => ({
      calls: state.calls,
      recorded: state.arrivals.length,
      distinct: state.seen.size,
      refused: state.refusedOnce.size,
      hanging: state.hanging,
      dropped: state.dropped,
    }),
    arrivals: () => state.arrivals,
    reset: () => {
      state = emptyState();
    },
  };
}

function emptyState(): State {
  return { arrivals: [], seen: new Set(), refusedOnce: new Set(), calls: 0, hanging: 0, dropped: 0 };
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
}

function answer(state: State, { request, response, body }: Call): void {
  const at = nowMs();
  const endpoint = parsePath(request.url ?? '');
  if (!endpoint) return void response.writeHead(404).end();
  const { behaviour, stream, webhook } = endpoint;
  const deliveryId = String(request.headers['webhook-id']);
  const arrival = { stream, webhook, changeId: changeIdOf(body), deliveryId, at };
  state.calls += 1;
  switch (behaviour.kind) {
    case 'hang':
      state.hanging += 1;
      return;
    case 'delay':
      setTimeout(() => accept(state, arrival, response), behaviour.ms);
      return;
    case 'slow':
      if (hash(deliveryId) % 100 >= behaviour.percent) break;
      setTimeout(() => accept(state, arrival, response), SLOW_MS);
      return;
    case 'fail':
      if (state.refusedOnce.has(deliveryId) || hash(deliveryId) % 100 >= behaviour.percent) break;
      state.refusedOnce.add(deliveryId);
      return void response.writeHead(503).end();
    case 'drop':
      if (state.calls % behaviour.every !== 0) break;
      state.dropped += 1;
      return void response.writeHead(200).end();
    default:
  }
  accept(state, arrival, response);
}

function accept(state: State, arrival: Arrival, response: ServerResponse): void {
  state.arrivals.push(arrival);
  state.seen.add(arrival.deliveryId);
  response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
}

function changeIdOf(body: Buffer): string {
  const { id } = JSON.parse(body.toString('utf8')) as { id: string };
  return id;
}

/** FNV-1a: spreads ids evenly, and the same way in every run. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
