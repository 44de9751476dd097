import type { DeliveryDoc } from '../../models/delivery.ts';
import type { ServiceContext } from '../context.ts';

/**
 * How long a claim lasts without being renewed. Whoever makes the call renews it until the call has ended, so what a
 * dead worker held is free again after this time, however long its call might have taken.
 */
export const LEASE_MS = 6_000;
/** How often claims of calls in flight are renewed: one update per process. */
export const RENEW_EVERY_MS = 2_000;

type LeaseContext = Pick<ServiceContext, 'models' | 'clock'>;

/** A claim on a delivery, by its token. */
export interface HeldClaim {
  deliveryId: string;
  token: string;
}

/** When a claim taken or renewed now ends. */
export function leaseEnd(now: Date): Date {
  return new Date(now.getTime() + LEASE_MS);
}

/** Renews claims. Those that were lost meanwhile stay lost. */
export async function renewClaims(
  { models, clock }: LeaseContext,
  claims: readonly HeldClaim[],
): Promise<void> {
  if (claims.length === 0) return;
  await models.deliveries.updateMany(byClaims(claims), { $set: { 'claim.until': leaseEnd(clock()) } });
}

/** Gives up claims of first attempts that were not made after all: their deliveries wait in line for a turn at their endpoint. */
export async function queueClaims(
  { models, clock }: LeaseContext,
  claims: readonly HeldClaim[],
): Promise<void> {
  if (claims.length === 0) return;
  const edits: Partial<DeliveryDoc> = {
    state: 'waiting',
    waitReason: 'endpoint-busy',
    waitingSince: clock(),
    verifyAt: null,
    claim: null,
  };
  await models.deliveries.updateMany(byClaims(claims), { $set: edits });
}

function byClaims(claims: readonly HeldClaim[]) {
  return {
    _id: { $in: claims.map(({ deliveryId }) => deliveryId) },
    'claim.token': { $in: claims.map(({ token }) => token) },
  };
}
