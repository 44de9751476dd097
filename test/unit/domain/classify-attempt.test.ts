import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptAnswer } from '../../../src/domain/classify-attempt.ts';
import { classifyAttempt } from '../../../src/domain/classify-attempt.ts';

const NOW = new Date('2026-01-31T09:30:00.000Z');
const judge = (answer: Partial<AttemptAnswer>, permanentStatuses?: number[]) =>
  classifyAttempt(
    { outcome: 'response', status: null, errorCode: null, responseHeaders: {}, ...answer },
    { permanentStatuses },
    NOW,
  );

describe('classifyAttempt', () => {
  it.each([
    [[200, 201, 202, 204, 226, 299], { kind: 'delivered' }],
    [[300, 301, 302, 303, 304, 307, 308], { kind: 'failed', reason: 'redirect' }],
    [[410], { kind: 'failed', reason: 'gone' }],
    [[400, 401, 403, 404, 405, 406, 413, 422, 451, 499], { kind: 'failed', reason: 'permanent-status' }],
    [[408, 409, 425, 429], { kind: 'retry', retryAfterMs: null }],
    [[500, 501, 502, 503, 504, 599], { kind: 'retry', retryAfterMs: null }],
    [[100, 103, 199, 600, 999], { kind: 'retry', retryAfterMs: null }],
  ])('judges %j as %j', (statuses, verdict) => {
    for (const status of statuses) expect(judge({ status }), String(status)).toEqual(verdict);
  });

  it('lets permanentStatuses replace the list of what is permanent, but for 410 and redirects', () => {
    expect(judge({ status: 404 }, [500])).toEqual({ kind: 'retry', retryAfterMs: null });
    expect(judge({ status: 500 }, [500])).toEqual({ kind: 'failed', reason: 'permanent-status' });
    expect(judge({ status: 429 }, [429])).toEqual({ kind: 'failed', reason: 'permanent-status' });
    expect(judge({ status: 404 }, [])).toEqual({ kind: 'retry', retryAfterMs: null });
    expect(judge({ status: 410 }, [])).toEqual({ kind: 'failed', reason: 'gone' });
    expect(judge({ status: 302 }, [])).toEqual({ kind: 'failed', reason: 'redirect' });
    expect(judge({ status: 200 }, [200])).toEqual({ kind: 'delivered' });
  });

  it('asks for another attempt, at a time of our own, after a timeout and a network error', () => {
    const retry = { kind: 'retry', retryAfterMs: null };
    expect(judge({ outcome: 'timeout', errorCode: 'timeout' })).toEqual(retry);
    expect(judge({ outcome: 'network-error', errorCode: 'connection_refused' })).toEqual(retry);
  });

  it('asks for one at once after a call that our own shutdown cut off', () => {
    expect(judge({ outcome: 'network-error', errorCode: 'aborted' })).toEqual({
      kind: 'retry',
      retryAfterMs: 0,
    });
  });

  it('fails what the guard refused, and says which', () => {
    expect(judge({ outcome: 'refused', errorCode: 'address_refused' })).toEqual({
      kind: 'failed',
      reason: 'address-refused',
    });
    expect(judge({ outcome: 'refused', errorCode: 'url_refused' })).toEqual({
      kind: 'failed',
      reason: 'url-refused',
    });
  });

  it.each([429, 503, 408, 500])('honours Retry-After of a %i', (status) => {
    expect(judge({ status, responseHeaders: { 'retry-after': '7' } })).toEqual({
      kind: 'retry',
      retryAfterMs: 7_000,
    });
  });

  it('gives every status one of three meanings, and never delivers but on a 2xx', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 999 }),
        fc.option(fc.array(fc.integer({ min: 400, max: 599 })), { nil: undefined }),
        (status, permanentStatuses) => {
          const { kind } = judge({ status }, permanentStatuses);
          expect(kind === 'delivered').toBe(status >= 200 && status < 300);
          if (status >= 500) {
            expect(kind).toBe(permanentStatuses?.includes(status) ? 'failed' : 'retry');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
