import type { Request, RequestHandler } from 'express';
import { OverloadedError } from '../../errors.ts';

export interface ShedLoadOptions {
  /** What one process may have in hand: requests between their arrival and their answer. */
  requests: number;
  /** And what their bodies may hold together, unpacked; one that does not say counts as the largest it may be. */
  bytes: number;
  /** Hears of each request that is turned away. */
  onShed: () => void;
  /** Hears how many are in hand, whenever that changes. */
  onInHand: (requests: number) => void;
}

/** Bounds what passes through it; one instance serves all routes of a process. */
export interface LoadShedder {
  /** Goes first: counts requests. */
  countRequest: RequestHandler;
  /** Goes before the body is read, behind all that may refuse the caller: who has no key reserves nothing. */
  reserveBody: (maxBodyBytes: number) => RequestHandler;
}

/**
 * Turns requests away, 503 with Retry-After and before their bodies are read, while a process has as much in hand as it
 * may: so what it took is answered in time, and its memory stays bounded. A request keeps its place until its answer is
 * out, or its connection closed.
 */
export function openLoadShedder({ requests, bytes, onShed, onInHand }: ShedLoadOptions): LoadShedder {
  const inHand = { requests: 0, bytes: 0 };
  const shed = (): never => {
    onShed();
    throw new OverloadedError(TOO_MUCH);
  };
  const count = (difference: 1 | -1) => {
    inHand.requests += difference;
    onInHand(inHand.requests);
  };
  return {
    countRequest: (_req, res, next) => {
      if (inHand.requests >= requests) shed();
      count(1);
      res.once('close', () => count(-1));
      next();
    },
    reserveBody: (maxBodyBytes) => (req, res, next) => {
      const size = bodyBytes(req, maxBodyBytes);
      if (inHand.bytes + size > bytes) shed();
      inHand.bytes += size;
      res.once('close', () => {
        inHand.bytes -= size;
      });
      next();
    },
  };
}

const TOO_MUCH = 'This process has too much in hand. Nothing was changed; try again.';

/** Without a length, or packed, a body may grow to the limit (RFC 9112, 6.3); without either there is none. */
function bodyBytes({ headers }: Request, most: number): number {
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return most;
  const length = Number(headers['content-length'] ?? 0);
  return Number.isFinite(length) ? Math.min(length, most) : most;
}
