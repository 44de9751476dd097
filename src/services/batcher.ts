export interface BatcherOptions<Item, Result> {
  /** Does a batch; one outcome per item, in their order. A rejection is every item's. */
  run: (items: Item[]) => Promise<PromiseSettledResult<Result>[]>;
  /** How many batches run at the same time. */
  atOnce: number;
  /** What a batch may weigh in all; a single item may weigh more. */
  maxWeight: number;
  /** What an item weighs; 1 unless given. */
  weigh?: (item: Item) => number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (reason: unknown) => void;
}

/**
 * Lets what comes at the same time share a round trip: an item runs at once while fewer than `atOnce` batches do, else it
 * waits and goes with all others that wait. Nothing is ever delayed in the hope of company.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #running = 0;

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  /** Runs an item in one of the next batches. */
  async add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#waiting.length > 0 && this.#running < this.#options.atOnce) {
      this.#running += 1;
      void this.#run(this.#take()).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  #take(): Waiting<Item, Result>[] {
    const { maxWeight, weigh = () => 1 } = this.#options;
    let weight = 0;
    let count = 0;
    for (const { item } of this.#waiting) {
      weight += weigh(item);
      if (count > 0 && weight > maxWeight) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #run(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.#options.run(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome?.status === 'fulfilled') resolve(outcome.value);
        else reject(outcome?.reason ?? new Error('a batch gave no outcome for one of its items'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
