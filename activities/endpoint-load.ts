const MAX_IN_FLIGHT = 32;
const SLOW_MS = 2_000;
const REMEMBER_SLOW_MS = 60_000;
/** A first attempt waits for its turn at most this long; then it is the durable queue's. */
const MAX_WAIT_MS = 1_000;
/** Weight of the newest call in the running mean of durations. */
const SMOOTHING = 0.2;

interface Load {
  inFlight: Map<number, number>;
  waiting: ((entered: boolean) => void)[];
  meanMs: number;
  slowUntil: number;
  lastUsedAt: number;
}

/** A call on the fast path, to be ended when it has its answer. */
export interface EndpointCall {
  end: () => void;
}

/**
 * How busy this worker is with each webhook's endpoint. Of one webhook at most 32 first attempts are in flight, the others
 * wait their turn, shortly. One whose line would take too long, or whose recent calls took over 2 s, gets no first
 * attempts at all: its deliveries go straight to the durable queue, and the fast path stays free for its neighbours.
 */
export class EndpointLoad {
  readonly #clock: () => number;
  readonly #loads = new Map<string, Load>();
  #lastCall = 0;

  /** `clock` in milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Whether a first attempt to the webhook's endpoint can be expected to have its turn soon. */
  takes(webhookId: string): boolean {
    const load = this.#loads.get(webhookId);
    if (!load) return true;
    const now = this.#clock();
    if (load.slowUntil > now || isStuck(load, now)) return false;
    return (load.waiting.length / MAX_IN_FLIGHT) * load.meanMs < MAX_WAIT_MS;
  }

  /** Waits for a turn. Null when it did not come in time, or the endpoint turned out to be slow meanwhile. */
  async enter(webhookId: string): Promise<EndpointCall | null> {
    const load = this.#loadOf(webhookId);
    if (!this.takes(webhookId)) return null;
    if (load.inFlight.size >= MAX_IN_FLIGHT && !(await waitForTurn(load))) return null;
    return this.#begin(load);
  }

  #begin(load: Load): EndpointCall {
    const call = ++this.#lastCall;
    load.inFlight.set(call, this.#clock());
    return { end: () => this.#end(load, call) };
  }

  #end(load: Load, call: number): void {
    const now = this.#clock();
    const tookMs = now - (load.inFlight.get(call) ?? now);
    load.inFlight.delete(call);
    load.lastUsedAt = now;
    load.meanMs += SMOOTHING * (tookMs - load.meanMs);
    load.slowUntil = tookMs > SLOW_MS ? now + REMEMBER_SLOW_MS : 0;
    // The turn is handed on at once, so that nobody who comes now overtakes those who wait.
    load.waiting.shift()?.(load.slowUntil === 0);
  }

  #loadOf(webhookId: string): Load {
    const known = this.#loads.get(webhookId);
    if (known) return known;
    this.#forgetIdle();
    const load = { inFlight: new Map(), waiting: [], meanMs: 0, slowUntil: 0, lastUsedAt: this.#clock() };
    this.#loads.set(webhookId, load);
    return load;
  }

  /** Keeps the map as small as the number of endpoints in use. */
  #forgetIdle(): void {
    const longAgo = this.#clock() - REMEMBER_SLOW_MS;
    for (const [webhookId, { inFlight, waiting, lastUsedAt }] of this.#loads) {
      const idle = inFlight.size === 0 && waiting.length === 0 && lastUsedAt < longAgo;
      if (idle) this.#loads.delete(webhookId);
    }
  }
}

async function waitForTurn(load: Load): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = () => {
      load.waiting.splice(load.waiting.indexOf(enter), 1);
      resolve(false);
    };
    const timer = setTimeout(leave, MAX_WAIT_MS);
    const enter = (entered: boolean) => {
      clearTimeout(timer);
      resolve(entered);
    };
    load.waiting.push(enter);
  });
}

function isStuck({ inFlight }: Load, now: number): boolean {
  // Insertion order is start order: the first entry is the oldest call.
  const [oldest] = inFlight.values();
  return oldest !== undefined && now - oldest > SLOW_MS;
}
