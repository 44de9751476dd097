import { randomUUID } from 'node:crypto';
import { hasLimits } from '../src/domain/has-limits.ts';
import type { WaitingDelivery } from '../src/models/delivery.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import type { CallOutcome } from '../src/outbound/attempt-result.ts';
import type { ServiceContext } from '../src/services/context.ts';
import type { Waker } from '../src/services/context.ts';
import type { Slots } from '../src/services/webhooks/places.ts';
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

type ToPlace = Pick<WaitingDelivery, '_id' | 'bodyBytes'>;

export interface TakePlacesInput {
  /** The deliveries places are wanted for, in order. */
  deliveries: readonly ToPlace[];
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
    const turns = this.#takeTurns(webhook._id, input.deliveries);
    const { maxInFlight } = webhook.delivery;
    let seats: string[] | null = null;
    const endFrom = (count: number) => {
      for (const turn of turns.slice(count)) turn.end();
      this.#giveBack(webhook._id, (seats ?? []).slice(count));
    };
    try {
      if (maxInFlight !== undefined) seats = await this.#takeSeats(webhook._id, maxInFlight, turns);
      const slots = await this.#takeSlots(webhook, seats?.length ?? turns.length, input);
      endFrom(slots.count);
      return turns.slice(0, slots.count).map((turn, index) => ({
        at: new Date(slots.startAt.getTime() + index * slots.intervalMs),
        end: (outcome) => {
          turn.end(outcome);
          const seat = seats?.[index];
          if (seat !== undefined) this.#giveBack(webhook._id, [seat]);
        },
      }));
    } catch (error) {
      // Else nobody ever would: a turn has no end of its own, and seats are renewed for as long as this worker lives.
      endFrom(0);
      throw error;
    }
  }

  /** A place for a delivery that already has its turn; null when limits leave none. The turn stays the caller's. */
  async takeWithTurn(webhook: WebhookDoc): Promise<Pick<Place, 'end'> | null> {
    const { delivery, _id } = webhook;
    if (!hasLimits(delivery)) return { end: () => undefined };
    const { maxInFlight } = delivery;
    const seats = maxInFlight === undefined ? [] : await this.#takeSeats(_id, maxInFlight, [null]);
    if (maxInFlight !== undefined && seats.length === 0) return null;
    const end = () => this.#giveBack(_id, seats);
    try {
      const { count } = await this.#takeSlots(webhook, 1, { withinMs: 0 });
      if (count === 1) return { end };
    } catch (error) {
      end();
      throw error;
    }
    end();
    return null;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #takeTurns(webhookId: string, deliveries: readonly ToPlace[]): Turn[] {
    const turns: Turn[] = [];
    for (const { _id, bodyBytes } of deliveries) {
      const turn = this.#options.endpointLoad.begin(webhookId, _id, bodyBytes);
      if (!turn) break;
      turns.push(turn);
    }
    return turns;
  }

  async #takeSlots(
    { _id, delivery }: WebhookDoc,
    count: number,
    { withinMs, ratePerSecond: other }: Omit<TakePlacesInput, 'deliveries'>,
  ): Promise<Slots> {
    const { models, clock } = this.#options.services;
    const ratePerSecond = lowest(delivery.ratePerSecond, other);
    const now = clock();
    if (ratePerSecond === null || count === 0) return { count, startAt: now, intervalMs: 0 };
    return reserveSlots(models, _id, { ratePerSecond, count, now, withinMs });
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
