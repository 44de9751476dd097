import type { EndpointLoad } from './endpoint-load.ts';

interface Line {
  /** Grows with every delivery that joins. */
  joined: number;
  /** Grows with every turn that became free. */
  calls: number;
  calling: boolean;
}

export interface WaitingLineOptions {
  load: Pick<EndpointLoad, 'free' | 'keep' | 'keptFor'>;
  /** Wakes the oldest deliveries in the webhook's line, at most `limit` and none of `except`; answers which. */
  wakeNext: (webhookId: string, range: { limit: number; except: string[] }) => Promise<string[]>;
  onError: (error: unknown) => void;
}

/**
 * The deliveries that wait for a turn at a busy endpoint are stored as `waiting`; nothing runs for them. This calls them
 * up, oldest first, as turns become free. What joins says so before it is stored and calls after: then none is missed.
 */
export class WaitingLine {
  readonly #options: WaitingLineOptions;
  readonly #lines = new Map<string, Line>();

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  /** Whether deliveries wait for this webhook's endpoint, as far as this worker knows: whoever is newer goes behind them. */
  has(webhookId: string): boolean {
    return this.#lines.has(webhookId);
  }

  /** A delivery is about to be stored as waiting. */
  join(webhookId: string): void {
    const line = this.#lines.get(webhookId);
    if (line) line.joined += 1;
    else this.#lines.set(webhookId, { joined: 1, calls: 0, calling: false });
  }

  /** Gives free turns to those who wait. */
  call(webhookId: string): void {
    const line = this.#lines.get(webhookId);
    if (!line) return;
    line.calls += 1;
    if (line.calling) return;
    line.calling = true;
    this.#callAll(webhookId, line)
      .catch(this.#options.onError)
      .finally(() => {
        line.calling = false;
      });
  }

  /** Looks after a line again that another worker may have left behind. */
  recall(webhookId: string): void {
    this.join(webhookId);
    this.call(webhookId);
  }

  async #callAll(webhookId: string, line: Line): Promise<void> {
    const { load, wakeNext } = this.#options;
    for (let answered = 0; answered !== line.calls;) {
      const { joined, calls } = line;
      answered = calls;
      const limit = load.free(webhookId);
      if (limit === 0) continue;
      const except = load.keptFor(webhookId);
      const woken = await wakeNext(webhookId, { limit, except });
      for (const deliveryId of woken) load.keep(webhookId, deliveryId);
      // All in line are on their way; the last call of theirs ends behind this.
      if (woken.length < limit && line.joined === joined) this.#lines.delete(webhookId);
    }
  }
}
