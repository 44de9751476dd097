import { AppError, InvalidRequestError } from '../errors.ts';

/** A write that comes after more deliveries than this is refused. */
export const MAX_HOPS = 8;

/** Hops from the `tablehook-hops` header, 0 without one. A write beyond 8 is too_many_hops: somebody is going in circles. */
export function parseHops(header: string | undefined, { writes }: { writes: boolean }): number {
  if (header === undefined) return 0;
  if (!/^\d{1,15}$/.test(header)) {
    throw new InvalidRequestError('The header tablehook-hops is malformed.', [
      { path: 'header.tablehook-hops', message: 'must be a whole number, 0 or more' },
    ]);
  }
  const hops = Number(header);
  if (writes && hops > MAX_HOPS) {
    throw new AppError(
      'too_many_hops',
      `This write comes ${hops} deliveries after another; ${MAX_HOPS} is the limit.`,
    );
  }
  return hops;
}
