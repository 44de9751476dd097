import type { Models } from '../../models/models.ts';
import { leaseEnd } from '../deliveries/lease.ts';

/** Slots granted: the first at `startAt`, each further one an interval later. */
export interface Slots {
  count: number;
  startAt: Date;
  intervalMs: number;
}

export interface ReserveSlotsInput {
  ratePerSecond: number;
  /** How many are wanted. */
  count: number;
  now: Date;
  /** Only slots that come up by then are reserved. */
  withinMs: number;
}

/**
 * Reserves slots under a webhook's rate, in one atomic update that moves its `nextSlotAt`: no two workers ever get the
 * same. A slot once reserved is spent. Slots that passed unused are gone: there are no bursts.
 */
export async function reserveSlots(
  models: Models,
  webhookId: string,
  { ratePerSecond, count, now, withinMs }: ReserveSlotsInput,
): Promise<Slots> {
  const intervalMs = 1000 / ratePerSecond;
  const horizon = now.getTime() + withinMs;
  const base = { $max: ['$nextSlotAt', now] };
  const ahead = { $floor: { $divide: [{ $subtract: [new Date(horizon), base] }, intervalMs] } };
  const granted = { $max: [0, { $min: [count, { $add: [ahead, 1] }] }] };
  const before = await models.webhooks
    .findOneAndUpdate(
      { _id: webhookId },
      [{ $set: { nextSlotAt: { $add: [base, { $multiply: [granted, intervalMs] }] } } }],
      { returnDocument: 'before', updatePipeline: true, projection: { nextSlotAt: 1 } },
    )
    .lean();
  if (!before) return { count: 0, startAt: now, intervalMs };
  const startMs = Math.max(before.nextSlotAt?.getTime() ?? 0, now.getTime());
  const available = Math.floor((horizon - startMs) / intervalMs) + 1;
  return { count: Math.max(0, Math.min(count, available)), startAt: new Date(startMs), intervalMs };
}

/**
 * Takes seats: the right to calls that `maxInFlight` allows, over all workers. Each is a lease of 6 s that its holder renews.
 * Answers the tokens of those granted. Where fewer are free than wanted, whoever gives one back will wake the line.
 */
export async function takeSeats(
  models: Models,
  webhookId: string,
  { maxInFlight, tokens, now }: { maxInFlight: number; tokens: readonly string[]; now: Date },
): Promise<string[]> {
  const live = { $filter: { input: '$seats', as: 'seat', cond: { $gt: ['$$seat.until', now] } } };
  const free = { $max: [0, { $subtract: [maxInFlight, { $size: live }] }] };
  const wanted = tokens.map((token) => ({ token, until: leaseEnd(now) }));
  const taken = { $cond: [{ $gt: [free, 0] }, { $slice: [wanted, { $max: [1, free] }] }, []] };
  const isShort = { $lt: [free, tokens.length] };
  const after = await models.webhooks
    .findOneAndUpdate(
      { _id: webhookId },
      [
        {
          $set: {
            seats: { $concatArrays: [live, taken] },
            seatsWanted: { $or: ['$seatsWanted', isShort] },
          },
        },
      ],
      { returnDocument: 'after', updatePipeline: true, projection: { seats: 1 } },
    )
    .lean();
  const held = new Set(after?.seats.map(({ token }) => token));
  return tokens.filter((token) => held.has(token));
}

/** Gives seats back. Answers whether somebody wants one. */
export async function giveSeatsBack(
  models: Models,
  webhookId: string,
  tokens: readonly string[],
): Promise<boolean> {
  const kept = {
    $filter: { input: '$seats', as: 'seat', cond: { $not: { $in: ['$$seat.token', tokens] } } },
  };
  const before = await models.webhooks
    .findOneAndUpdate({ _id: webhookId }, [{ $set: { seats: kept, seatsWanted: false } }], {
      returnDocument: 'before',
      updatePipeline: true,
      projection: { seatsWanted: 1 },
    })
    .lean();
  return before?.seatsWanted === true;
}

/** Renews seats whose calls still last. */
export async function renewSeats(
  models: Models,
  webhookId: string,
  { tokens, now }: { tokens: readonly string[]; now: Date },
): Promise<void> {
  await models.webhooks.updateOne(
    { _id: webhookId },
    { $set: { 'seats.$[mine].until': leaseEnd(now) } },
    { arrayFilters: [{ 'mine.token': { $in: [...tokens] } }] },
  );
}
