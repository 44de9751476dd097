const MAX_IN_FLIGHT = 8;
const SLOW_MS = 2_000;
const REMEMBER_SLOW_MS = 60_000;

interface Load {
  inFlight: Map<number, number>;
  slowUntil: number;
}

/**
 * How busy this worker is with each webhook's endpoint. A webhook with 8 calls in flight here, or whose recent calls took
 * over 2 s, gets no first attempts on the fast path: its deliveries go straight to the durable queue.
 */
export class EndpointLoad {
  readonly #clock: () => number;
  readonly #loads = new Map<string, Load>();
  #lastCall = 0;

  /** `clock` in milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Begins a call on the fast path, or answers null when the webhook's endpoint is too busy or too slow for it. */
  tryBegin(webhookId: string): { end: () => void } | null {
    const now = this.#clock();
    const load = this.#loads.get(webhookId) ?? { inFlight: new Map<number, number>(), slowUntil: 0 };
    if (load.slowUntil > now || load.inFlight.size >= MAX_IN_FLIGHT || isStuck(load, now)) return null;
    this.#loads.set(webhookId, load);
    const call = ++this.#lastCall;
    load.inFlight.set(call, now);
    return { end: () => this.#end(webhookId, load, call) };
  }

  #end(webhookId: string, load: Load, call: number): void {
    const now = this.#clock();
    const startedAt = load.inFlight.get(call) ?? now;
    load.inFlight.delete(call);
    load.slowUntil = now - startedAt > SLOW_MS ? now + REMEMBER_SLOW_MS : 0;
    if (load.inFlight.size === 0 && load.slowUntil === 0) this.#loads.delete(webhookId);
  }
}

function isStuck({ inFlight }: Load, now: number): boolean {
  // Insertion order is start order: the first entry is the oldest call.
  const [oldest] = inFlight.values();
  return oldest !== undefined && now - oldest > SLOW_MS;
}
