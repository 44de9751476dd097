import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Behaviour } from './messages.ts';

const TRICKLE_EVERY_MS = 500;
const PIECE_BYTES = 16 * 1024;

/** The status a behaviour tells; null when it tells none that can be understood. */
export function statusOf(behaviour: Behaviour): number | null {
  if (behaviour === 'error') return 500;
  return ['ok', 'endless', 'trickle', 'lie'].includes(behaviour) ? 200 : null;
}

/** Answers a call by a behaviour. */
export function answer(behaviour: Behaviour, response: ServerResponse): void {
  response.on('error', () => undefined);
  ANSWERS[behaviour](response);
}

const ANSWERS: Record<Behaviour, (response: ServerResponse) => void> = {
  ok: (response) => response.writeHead(200).end('ok'),
  error: (response) => response.writeHead(500).end('no'),
  hang: () => undefined,
  'reset-before': (response) => response.socket?.resetAndDestroy(),
  'reset-after': (response) => response.socket?.resetAndDestroy(),
  'no-http': (response) => response.socket?.end(randomBytes(2_000)),
  endless: (response) => {
    response.writeHead(200);
    const pour = () => {
      while (!response.destroyed && response.write(randomBytes(PIECE_BYTES)));
    };
    response.on('drain', pour);
    pour();
  },
  trickle: (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('.'), TRICKLE_EVERY_MS);
    response.on('close', () => clearInterval(timer));
  },
  lie: (response) => {
    response.writeHead(200, { 'content-length': 1_000 });
    response.write('all is well', () => response.socket?.end());
  },
};
