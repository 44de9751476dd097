import type { CallOutcome } from '../src/outbound/attempt-result.ts';

/** First attempts to one endpoint in flight at a time. */
const MAX_FIRST = 32;
/** Calls to one endpoint in flight at a time: what it is given at first, at least, and at most. */
const LIMIT = { first: 32, least: 4, most: 160 };
const SLOW_MS = 2_000;
const REMEMBER_SLOW_MS = 60_000;
/** A first attempt waits for its turn at most this long; then it is the durable queue's. */
const MAX_WAIT_MS = 1_000;
/** A turn kept for a delivery is its own for this long; then its workflow must have met with a fault. */
const KEEP_MS = 10_000;
/** Bytes of a body that is large, and of all large ones in calls under way at a time; in memory each is there about three times. */
const LARGE = { from: 16 * 1024, most: 128 * 1024 * 1024 };
/** Weight of the newest call in the running mean of durations. */
const SMOOTHING = 0.2;

interface Load {
  /** By call: since when. */
  inFlight: Map<number, number>;
  limit: number;
  /** By delivery: since when a turn is kept for it. */
  kept: Map<string, number>;
  waiting: ((entered: boolean) => void)[];
  meanMs: number;
  slowUntil: number;
  lastUsedAt: number;
}

/** A call's turn at its endpoint, to be ended once, with what came of the call; without it nothing is learned. */
export interface Turn {
  end: (outcome?: CallOutcome) => void;
}

export interface EndpointLoadOptions {
  /** In milliseconds. */
  clock: () => number;
  /** A turn at the webhook's endpoint has become free. */
  onFreed: (webhookId: string) => void;
}

/**
 * How busy this worker is with each webhook's endpoint, and how many calls that can take. Of one webhook at most 32 first
 * attempts are in flight, the others wait their turn, shortly. One whose line would take too long, or whose recent calls
 * took over 2 s, gets no first attempts at all, and durable ones only as many at a time as it has shown to answer: each
 * answer while all are taken allows one more, each timeout half as many. So the fast path and the worker stay free for its neighbours.
 * Large bodies, to whatever endpoint, share what memory there is for them: when it is used up, an endpoint has one at a time.
 */
export class EndpointLoad {
  readonly #options: EndpointLoadOptions;
  readonly #loads = new Map<string, Load>();
  #lastCall = 0;
  /** Bytes of large bodies in calls under way. */
  #large = 0;

  constructor(options: EndpointLoadOptions) {
    this.#options = options;
  }

  /** Whether a first attempt to the webhook's endpoint can be expected to have its turn soon. */
  takes(webhookId: string, bodyBytes: number): boolean {
    const load = this.#loads.get(webhookId);
    if (!load) return true;
    if (!this.#hasRoom(load, bodyBytes)) return false;
    const now = this.#options.clock();
    const oldestMs = oldestAge(load, now);
    if (load.slowUntil > now || oldestMs > SLOW_MS) return false;
    // All turns taken, and the oldest for longer than anybody would wait: nobody's turn will come in time.
    if (load.inFlight.size >= MAX_FIRST && oldestMs > MAX_WAIT_MS) return false;
    return (load.waiting.length / MAX_FIRST) * load.meanMs < MAX_WAIT_MS;
  }

  /** Turns that are free and kept for nobody. */
  free(webhookId: string): number {
    const load = this.#loads.get(webhookId);
    if (!load) return LIMIT.first;
    const keptSince = this.#options.clock() - KEEP_MS;
    for (const [deliveryId, since] of load.kept) if (since < keptSince) load.kept.delete(deliveryId);
    return Math.max(0, load.limit - load.inFlight.size - load.kept.size);
  }

  /** Keeps a turn for a delivery whose durable attempt is on its way. */
  keep(webhookId: string, deliveryId: string): void {
    this.#loadOf(webhookId).kept.set(deliveryId, this.#options.clock());
  }

  /** The deliveries turns are kept for. */
  keptFor(webhookId: string): string[] {
    return [...(this.#loads.get(webhookId)?.kept.keys() ?? [])];
  }

  /** Begins a durable attempt, on the turn kept for it if there is one; null when all turns are taken, or its body has no room. */
  begin(webhookId: string, deliveryId: string, bodyBytes: number): Turn | null {
    const load = this.#loadOf(webhookId);
    if (!this.#hasRoom(load, bodyBytes)) return null;
    if (!load.kept.delete(deliveryId) && this.free(webhookId) === 0) return null;
    return this.#begin(webhookId, load, bodyBytes);
  }

  /** Waits for a first attempt's turn. Null when it did not come in time, or the endpoint turned out to be slow. */
  async enter(webhookId: string, bodyBytes: number): Promise<Turn | null> {
    const load = this.#loadOf(webhookId);
    if (!this.takes(webhookId, bodyBytes)) return null;
    if (load.inFlight.size >= MAX_FIRST && !(await waitForTurn(load))) return null;
    return this.#begin(webhookId, load, bodyBytes);
  }

  /** An endpoint that has none under way may always have one: then whoever waits is called when that one ends. */
  #hasRoom(load: Load, bodyBytes: number): boolean {
    return bodyBytes < LARGE.from || load.inFlight.size === 0 || this.#large + bodyBytes <= LARGE.most;
  }

  #begin(webhookId: string, load: Load, bodyBytes: number): Turn {
    const call = ++this.#lastCall;
    const large = bodyBytes < LARGE.from ? 0 : bodyBytes;
    this.#large += large;
    load.inFlight.set(call, this.#options.clock());
    return {
      end: (outcome) => {
        const startedAt = load.inFlight.get(call);
        if (startedAt === undefined) return;
        if (outcome) this.#learn(load, { outcome, startedAt });
        load.inFlight.delete(call);
        this.#large -= large;
        // The turn is handed on at once, so that nobody who comes now overtakes those who wait.
        load.waiting.shift()?.(load.slowUntil <= this.#options.clock());
        this.#options.onFreed(webhookId);
      },
    };
  }

  #learn(load: Load, { outcome, startedAt }: { outcome: CallOutcome; startedAt: number }): void {
    const now = this.#options.clock();
    const tookMs = now - startedAt;
    load.lastUsedAt = now;
    load.meanMs += SMOOTHING * (tookMs - load.meanMs);
    load.slowUntil = tookMs > SLOW_MS ? now + REMEMBER_SLOW_MS : 0;
    // Answers that came while turns were free show nothing of how many it can take.
    const allTaken = load.inFlight.size >= load.limit;
    if (outcome === 'response' && allTaken) load.limit = Math.min(load.limit + 1, LIMIT.most);
    if (outcome === 'timeout') load.limit = Math.max(Math.floor(load.limit / 2), LIMIT.least);
  }

  #loadOf(webhookId: string): Load {
    const known = this.#loads.get(webhookId);
    if (known) return known;
    this.#forgetIdle();
    const load: Load = {
      inFlight: new Map(),
      limit: LIMIT.first,
      kept: new Map(),
      waiting: [],
      meanMs: 0,
      slowUntil: 0,
      lastUsedAt: this.#options.clock(),
    };
    this.#loads.set(webhookId, load);
    return load;
  }

  /** Keeps the map as small as the number of endpoints in use. */
  #forgetIdle(): void {
    const longAgo = this.#options.clock() - REMEMBER_SLOW_MS;
    for (const [webhookId, { inFlight, waiting, kept, lastUsedAt }] of this.#loads) {
      const idle = inFlight.size + waiting.length + kept.size === 0 && lastUsedAt < longAgo;
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

function oldestAge({ inFlight }: Load, now: number): number {
  // Insertion order is start order: the first entry is the oldest call.
  const [oldest] = inFlight.values();
  return oldest === undefined ? 0 : now - oldest;
}
