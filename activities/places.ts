import { randomUUID } from 'node:crypto';
import { hasLimits } from '../src/domain/has-limits.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import type { CallOutcome } from '../src/outbound/attempt-result.ts';
import type { ServiceContext } from '../src/services/context.ts';
import type { Waker } from '../src/services/context.ts';
import { giveSeatsBack, renewSeats, reserveSlots, takeSeats } from '../src/services/webhooks/places.ts';
import { RENEW_EVERY_MS } from '../src/services/deliveries/lease.ts';
import type { EndpointLoad, Turn } from './endpoint-load.ts';

/** A call's place at its endpoint: a turn of this worker, and under limits a slot and a seat of all workers. */
export interface Place {
  /** When its slot comes up; now, where there is no rate. */
  at: Date;
  /** Ends it, once, with what came of the call; without that nothing is learned. */
  end: (outcome?: CallOutcome) => void;
}

export interface PlacesOptions {
  services: Pick<ServiceContext, 'models' | 'clock'>;
  endpointLoad: EndpointLoad;
  waker: Pick<Waker, 'wake'>;
  onError: (what: string, error: unknown) => void;
}

export interface TakePlacesInput {
  /** The deliveries places are wanted for, in order. */
  deliveryIds: readonly string[];
  /** Slots that come up by then will do. */
  withinMs: number;
  /** A rate besides the webhook's own. */
  ratePerSecond?: number | null;
}

/** Grants places at endpoints, and takes care of the seats they came with. */
export class Places {
  readonly #options: PlacesOptions;
  /** Seats held by calls of this worker, by token: of which webhook. */
  readonly #seats = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: PlacesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#renew(), RENEW_EVERY_MS);
  }

  /** Takes a place for each of the first deliveries, as many as there are places. */
  async take(webhook: WebhookDoc, input: TakePlacesInput): Promise<Place[]> {
    const turns = this.#takeTurns(webhook._id, input.deliveryIds);
    const { maxInFlight } = webhook.delivery;
    const seats = maxInFlight === undefined ? null : await this.#takeSeats(webhook._id, maxInFlight, turns);
    const rate = lowest(webhook.delivery.ratePerSecond, input.ratePerSecond);
    const places = seats ? seats.length : turns.length;
    const { services } = this.#options;
    const now = services.clock();
    const slots =
      rate === null || places === 0
        ? { count: places, startAt: now, intervalMs: 0 }
        : await reserveSlots(services.models, webhook._id, {
            ratePerSecond: rate,
            count: places,
            now,
            withinMs: input.withinMs,
          });
    for (const turn of turns.slice(slots.count)) turn.end();
    this.#giveBack(webhook._id, (seats ?? []).slice(slots.count));
    return turns.slice(0, slots.count).map((turn, index) => ({
      at: new Date(slots.startAt.getTime() + index * slots.intervalMs),
      end: (outcome) => {
        turn.end(outcome);
        const seat = seats?.[index];
        if (seat !== undefined) this.#giveBack(webhook._id, [seat]);
      },
    }));
  }

  /** A place for a delivery that already has its turn; null when limits leave none. The turn stays the caller's. */
  async takeWithTurn(webhook: WebhookDoc): Promise<Pick<Place, 'end'> | null> {
    const { delivery, _id } = webhook;
    if (!hasLimits(delivery)) return { end: () => undefined };
    const { services } = this.#options;
    const { maxInFlight, ratePerSecond } = delivery;
    const [seat] = maxInFlight === undefined ? [] : await this.#takeSeats(_id, maxInFlight, [null]);
    if (maxInFlight !== undefined && seat === undefined) return null;
    const now = services.clock();
    const slots =
      ratePerSecond === undefined
        ? { count: 1 }
        : await reserveSlots(services.models, _id, { ratePerSecond, count: 1, now, withinMs: 0 });
    const end = () => this.#giveBack(_id, seat === undefined ? [] : [seat]);
    if (slots.count === 1) return { end };
    end();
    return null;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #takeTurns(webhookId: string, deliveryIds: readonly string[]): Turn[] {
    const turns: Turn[] = [];
    for (const deliveryId of deliveryIds) {
      const turn = this.#options.endpointLoad.begin(webhookId, deliveryId);
      if (!turn) break;
      turns.push(turn);
    }
    return turns;
  }

  async #takeSeats(webhookId: string, maxInFlight: number, wanted: readonly unknown[]): Promise<string[]> {
    if (wanted.length === 0) return [];
    const { models, clock } = this.#options.services;
    const tokens = wanted.map(() => randomUUID());
    const taken = await takeSeats(models, webhookId, { maxInFlight, tokens, now: clock() });
    for (const token of taken) this.#seats.set(token, webhookId);
    return taken;
  }

  #giveBack(webhookId: string, tokens: readonly string[]): void {
    const { services, waker, onError } = this.#options;
    const held = tokens.filter((token) => this.#seats.delete(token));
    if (held.length === 0) return;
    giveSeatsBack(services.models, webhookId, held)
      .then((isWanted) => {
        if (isWanted) waker.wake(webhookId);
      })
      .catch((error: unknown) => onError('giving a seat back', error));
  }

  #renew(): void {
    const { services, onError } = this.#options;
    const now = services.clock();
    for (const webhookId of new Set(this.#seats.values())) {
      const tokens = [...this.#seats].filter(([, of]) => of === webhookId).map(([token]) => token);
      renewSeats(services.models, webhookId, { tokens, now }).catch((error: unknown) =>
        onError('seat renewal', error),
      );
    }
  }
}

function lowest(one: number | undefined, other: number | null | undefined): number | null {
  const rates = [one, other].filter((rate) => typeof rate === 'number');
  return rates.length === 0 ? null : Math.min(...rates);
}
