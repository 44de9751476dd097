import type { RetryResult, SettledResult } from '../src/contracts/workflow.ts';
import type { ServiceContext } from '../src/services/context.ts';
import type { HeldClaim } from '../src/services/deliveries/lease.ts';
import { RENEW_EVERY_MS, renewClaims } from '../src/services/deliveries/lease.ts';

type AttemptEnd = Promise<SettledResult | RetryResult>;

interface Call extends HeldClaim {
  end: AttemptEnd;
}

/**
 * The attempts this worker is making: their claims are renewed while their calls last, and who comes for a delivery that
 * is already on its way here can wait for that attempt instead of making another.
 */
export class InFlight {
  readonly #calls = new Map<string, Call>();
  readonly #timer: NodeJS.Timeout;

  constructor(services: Pick<ServiceContext, 'models' | 'clock'>, onError: (error: unknown) => void) {
    let before = new Set<Call>();
    this.#timer = setInterval(() => {
      // Only calls seen at the last beat too: most end long before their claim would.
      const lasting = [...this.#calls.values()].filter((call) => before.has(call));
      before = new Set(this.#calls.values());
      renewClaims(services, lasting).catch(onError);
    }, RENEW_EVERY_MS);
  }

  /** Makes an attempt under a claim. */
  async run(claim: HeldClaim, attempt: () => AttemptEnd): AttemptEnd {
    const call = { ...claim, end: attempt() };
    this.#calls.set(claim.deliveryId, call);
    try {
      return await call.end;
    } finally {
      if (this.#calls.get(claim.deliveryId) === call) this.#calls.delete(claim.deliveryId);
    }
  }

  /** The attempt of a delivery being made here, if any. */
  of(deliveryId: string): AttemptEnd | undefined {
    return this.#calls.get(deliveryId)?.end;
  }

  /** Resolves when all attempts have ended; renews no more. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#calls.values()].map(({ end }) => end));
    clearInterval(this.#timer);
  }
}
