import type { EndedWrite, Write } from './write.ts';

/**
 * Writes to records that nobody else writes to, one after the other, so that each knows what it finds. `next` makes the
 * write that follows, of what has ended so far and of chance alone.
 */
export interface Lane {
  next: (operatorId: string) => Write;
  /** Hears how a write ended: after one that is in doubt the records it was about are left alone for good. */
  ended: (write: EndedWrite) => void;
}
