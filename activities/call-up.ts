import { admit } from '../src/domain/admission.ts';
import type { WaitingDelivery } from '../src/models/delivery.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import type { StartedAttempt } from '../src/services/deliveries/begin-attempt.ts';
import { claimWaiting } from '../src/services/deliveries/claim-waiting.ts';
import { findNexts } from '../src/services/deliveries/next-of-record.ts';
import type { ActivityDeps } from './deps.ts';
import type { Place, TakePlacesInput } from './places.ts';

/** A delivery that waited and is now claimed, with its place at the endpoint. */
export interface CalledUp {
  attempt: StartedAttempt;
  place: Place;
}

type Candidate = Pick<
  WaitingDelivery,
  '_id' | 'webhookId' | 'tableId' | 'recordId' | 'recordVersion' | 'attemptCount' | 'bodyBytes'
>;

export interface CallUpInput extends Omit<TakePlacesInput, 'deliveries'> {
  /** Just read. */
  webhook: WebhookDoc;
  /** Deliveries of the webhook that wait, in the order they are to go. */
  deliveries: readonly Candidate[];
  calledBy: 'workflow' | 'line' | 'probe';
  /** How many at most. */
  limit?: number;
}

/**
 * Asks admission for deliveries that wait, and claims those that may go and get a place. The caller attempts them, and
 * ends every place.
 */
export async function callUp(
  deps: Pick<ActivityDeps, 'services' | 'places'>,
  { webhook, deliveries, calledBy, limit, ...limits }: CallUpInput,
): Promise<CalledUp[]> {
  const admitted = await admitAll(deps, { webhook, deliveries, calledBy });
  if (admitted.length === 0) return [];
  const wanted = admitted.slice(0, limit);
  const places = await deps.places.take(webhook, { deliveries: wanted, ...limits });
  let attempts: StartedAttempt[] = [];
  try {
    const deliveryIds = wanted.slice(0, places.length).map(({ _id }) => _id);
    attempts = await claimWaiting(deps.services, webhook, deliveryIds);
    return attempts.flatMap((attempt, index) => {
      const place = places[index];
      return place ? [{ attempt, place }] : [];
    });
  } finally {
    for (const place of places.slice(attempts.length)) place.end();
  }
}

async function admitAll(
  { services }: Pick<ActivityDeps, 'services'>,
  { webhook, deliveries, calledBy }: Pick<CallUpInput, 'webhook' | 'deliveries' | 'calledBy'>,
): Promise<readonly Candidate[]> {
  const may = (delivery: Candidate) =>
    admit({ webhook, delivery, hasEarlier: false, calledBy }).kind === 'go';
  const admitted = deliveries.filter(may);
  if (webhook.delivery.order === 'none') return admitted;
  const nexts = await findNexts(services, admitted);
  return admitted.filter((delivery) => nexts.includes(delivery));
}
