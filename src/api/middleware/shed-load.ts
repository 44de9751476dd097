import type { Request, RequestHandler, Response } from 'express';
import { OverloadedError } from '../../errors.ts';
import { actorOf } from '../request-state.ts';

export interface ShedLoadOptions {
  /** What one process may have in hand: requests between their arrival and their answer. */
  requests: number;
  /** And what their bodies may hold together, unpacked; one that does not say counts as the largest it may be. */
  bytes: number;
  /** And what their answers may hold together, of those that are not small. */
  answerBytes: number;
  /** The part of each that one API key may have: others find a place, whatever it holds. */
  shareOfKey: number;
  /** Hears of each request that is turned away. */
  onShed: () => void;
  /** Hears how many are in hand, whenever that changes. */
  onInHand: (requests: number) => void;
}

/** Bounds what passes through it; one instance serves all routes of a process. */
export interface LoadShedder {
  /** Goes first: counts requests. */
  countRequest: RequestHandler;
  /** Goes behind authentication: counts requests of each key. */
  countOfKey: RequestHandler;
  /** Goes before the body is read, behind all that may refuse the caller: who has no key reserves nothing. */
  reserveBody: (maxBodyBytes: number) => RequestHandler;
  /**
   * Counts an answer until it is out. Throws an OverloadedError for one that changed nothing where too much waits to be
   * taken by clients; the only one there is always goes out.
   */
  reserveAnswer: (res: Response, answer: { bytes: number; changed: boolean }) => void;
}

/** Answers up to this size are not worth refusing: all that may be in hand fit in. */
const SMALL_ANSWER_BYTES = 64 * 1024;

/**
 * Turns requests away, 503 with Retry-After and before their bodies are read, while a process has as much in hand as it
 * may: so what it took is answered in time, and its memory stays bounded. A request keeps its place until its answer is
 * out, or its connection closed.
 */
export function openLoadShedder(options: ShedLoadOptions): LoadShedder {
  const { requests, bytes, answerBytes, shareOfKey, onShed, onInHand } = options;
  const inHand = { ...NOTHING };
  const ofKeys = new Map<string, Load>();
  const ofKey = (res: Response): Load => {
    // Only `countOfKey` asks for one that is not there yet, and it takes it away again.
    const { apiKeyId } = actorOf(res);
    const load = ofKeys.get(apiKeyId) ?? { ...NOTHING };
    ofKeys.set(apiKeyId, load);
    return load;
  };
  /** Keeps something until an answer is out. Not for one that is closed: it would never say so again. */
  const keep = (res: Response, add: (sign: 1 | -1) => void) => {
    add(1);
    res.once('close', () => add(-1));
  };
  const shed = (detail: string): never => {
    onShed();
    throw new OverloadedError(detail);
  };
  return {
    countRequest: (_req, res, next) => {
      if (inHand.requests >= requests) shed(TOO_MUCH);
      keep(res, (sign) => {
        inHand.requests += sign;
        onInHand(inHand.requests);
      });
      next();
    },
    countOfKey: (_req, res, next) => {
      if (res.closed) return next();
      const load = ofKey(res);
      if (load.requests >= requests * shareOfKey) shed(TOO_MUCH_OF_KEY);
      keep(res, (sign) => {
        load.requests += sign;
        if (load.requests === 0) ofKeys.delete(actorOf(res).apiKeyId);
      });
      next();
    },
    reserveBody: (maxBodyBytes) => (req, res, next) => {
      if (res.closed) return next();
      const size = bodyBytes(req, maxBodyBytes);
      const load = ofKey(res);
      if (inHand.bytes + size > bytes) shed(TOO_MUCH);
      if (load.bytes + size > bytes * shareOfKey) shed(TOO_MUCH_OF_KEY);
      keep(res, (sign) => {
        inHand.bytes += sign * size;
        load.bytes += sign * size;
      });
      next();
    },
    reserveAnswer: (res, { bytes: size, changed }) => {
      if (res.closed || size <= SMALL_ANSWER_BYTES) return;
      const load = ofKey(res);
      const exceeds = (held: Load, most: number) => held.answerBytes > 0 && held.answerBytes + size > most;
      if (!changed && exceeds(inHand, answerBytes)) shed(TOO_MUCH);
      if (!changed && exceeds(load, answerBytes * shareOfKey)) shed(TOO_MUCH_OF_KEY);
      keep(res, (sign) => {
        inHand.answerBytes += sign * size;
        load.answerBytes += sign * size;
      });
    },
  };
}

/** What is in hand, of one key or of all. */
interface Load {
  requests: number;
  bytes: number;
  answerBytes: number;
}

const NOTHING: Load = { requests: 0, bytes: 0, answerBytes: 0 };
const TOO_MUCH = 'This process has too much in hand. Nothing was changed; try again.';
const TOO_MUCH_OF_KEY = 'This process has too much of this API key in hand. Nothing was changed; try again.';

/** Without a length, or packed, a body may grow to the limit (RFC 9112, 6.3); without either there is none. */
function bodyBytes({ headers }: Request, most: number): number {
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return most;
  const length = Number(headers['content-length'] ?? 0);
  return Number.isFinite(length) ? Math.min(length, most) : most;
}
