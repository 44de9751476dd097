interface Asks {
  amount: number;
  of: string;
}

interface Waiting extends Asks {
  begin: () => void;
}

/** Who asks, where shares are counted, and what says that nobody wants the work any more, should it still wait. */
export interface BudgetAsk {
  of?: string;
  signal?: AbortSignal;
}

export interface BudgetOptions {
  total: number;
  /** The part of it that one who asks may have at a time, so that others need not wait for all that it asked for. */
  shareOfOne?: number;
}

/**
 * Something a process has only so much of, such as memory: work that needs more of it than is left waits for what is
 * under way, first come, first served. Work that needs more than there is at all runs when nothing else does.
 */
export class Budget {
  readonly #total: number;
  readonly #share: number;
  readonly #spentBy = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #spent = 0;

  constructor({ total, shareOfOne = Number.POSITIVE_INFINITY }: BudgetOptions) {
    this.#total = total;
    this.#share = total * shareOfOne;
  }

  /** Runs the work once there is so much left for it. Rejects with the signal's reason when that comes first. */
  async run<T>(amount: number, work: () => Promise<T>, { of = '', signal }: BudgetAsk = {}): Promise<T> {
    signal?.throwIfAborted();
    const asks = { amount, of };
    const isFree = !this.#exceedsTotal(asks) && !this.#exceedsShare(asks);
    if (isFree && this.#waiting.every((other) => this.#exceedsShare(other))) this.#spend(asks);
    else await this.#wait(asks, signal);
    try {
      return await work();
    } finally {
      this.#spend({ amount: -amount, of });
      this.#beginNext();
    }
  }

  async #wait(asks: Asks, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason);
        // It may have been the one that those behind it waited for.
        this.#beginNext();
      };
      const begin = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const waiting = { ...asks, begin };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #exceedsTotal({ amount }: Asks): boolean {
    return this.#spent > 0 && this.#spent + amount > this.#total;
  }

  #exceedsShare({ amount, of }: Asks): boolean {
    const spent = this.#spentBy.get(of) ?? 0;
    return spent > 0 && spent + amount > this.#share;
  }

  #spend({ amount, of }: Asks): void {
    this.#spent += amount;
    const spent = (this.#spentBy.get(of) ?? 0) + amount;
    if (spent > 0) this.#spentBy.set(of, spent);
    else this.#spentBy.delete(of);
  }

  /** Who has their share is passed over. Who needs more than is left is not: they would never get it. */
  #beginNext(): void {
    for (const waiting of [...this.#waiting]) {
      if (this.#exceedsShare(waiting)) continue;
      if (this.#exceedsTotal(waiting)) return;
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      this.#spend(waiting);
      waiting.begin();
    }
  }
}
