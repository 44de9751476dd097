import type { ChangeStarter, StartableChange } from '../services/context.ts';
import type { Workflows } from '../services/workflows.ts';
import type { FirstAttempts } from './first-attempts.ts';

/** Changes that may wait in memory for a place; beyond them, what is written is the relay's. */
const QUEUE_LENGTH = 16;
/** A change whose first attempts take longer gives its place up: its endpoint is slow, its neighbours need not be. */
const MAX_HOLD_MS = 500;
/** After a start that failed, how long writes are left to the relay. */
const PAUSE_MS = 2_000;

export interface FastPathOptions {
  workflows: Pick<Workflows, 'start'>;
  /** Workflows between their start and the end of their first attempts, at most. */
  places: number;
  /** The first attempts made by this process's worker; null where there is none. */
  firstAttempts: FirstAttempts | null;
  /** A start that failed, or, with the error null, was not made before the close: the change must reach a relay. */
  onFailed: (change: StartableChange, error: unknown) => Promise<void>;
  /** A start whose id Temporal knew already. */
  onAlreadyStarted: (change: StartableChange) => void;
  clock: () => number;
}

/**
 * Starts workflows, few at a time: more in parallel makes every one slower. Writes reserve their place before they
 * commit, so that what this process cannot take in hand is left, unclaimed, to the relay.
 */
export class FastPath implements ChangeStarter {
  readonly #options: FastPathOptions;
  readonly #queue: StartableChange[] = [];
  readonly #freed: (() => void)[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #reserved = 0;
  #running = 0;
  #pausedUntil = 0;
  #closed = false;
  /** Set by the relay while older changes wait for it: new ones then queue behind them. */
  relayHasBacklog = false;

  constructor(options: FastPathOptions) {
    this.#options = options;
  }

  reserve(count: number): number {
    return this.relayHasBacklog ? 0 : this.reserveForRelay(count);
  }

  /** As `reserve`, for the relay itself, whose changes are the oldest. */
  reserveForRelay(count: number): number {
    const { places, clock } = this.#options;
    if (this.#closed || places === 0 || clock() < this.#pausedUntil) return 0;
    const granted = Math.max(0, Math.min(count, places + QUEUE_LENGTH - this.#reserved));
    this.#reserved += granted;
    return granted;
  }

  release(count: number): void {
    this.#reserved -= count;
    if (count > 0) for (const resolve of this.#freed.splice(0)) resolve();
  }

  start(changes: StartableChange[]): void {
    this.#queue.push(...changes);
    if (this.#closed) this.#giveBack();
    else this.#pump();
  }

  /** Resolves when a place was freed since the call, or when the path closes. */
  async whenFreed(): Promise<void> {
    if (!this.#closed) await new Promise<void>((resolve) => this.#freed.push(resolve));
  }

  /** Milliseconds until starts are tried again; 0 when they are. */
  get pausedForMs(): number {
    return Math.max(0, this.#pausedUntil - this.#options.clock());
  }

  /** Takes nothing more, gives back what waits, and ends behind the starts under way. May be called again. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const resolve of this.#freed.splice(0)) resolve();
    this.#giveBack();
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #giveBack(): void {
    const waiting = this.#queue.splice(0);
    this.release(waiting.length);
    for (const change of waiting) this.#track(this.#options.onFailed(change, null));
  }

  #pump(): void {
    while (this.#running < this.#options.places) {
      const change = this.#queue.shift();
      if (!change) return;
      this.#running += 1;
      const run = this.#run(change).finally(() => {
        this.#running -= 1;
        this.release(1);
        this.#pump();
      });
      this.#track(run);
    }
  }

  #track(task: Promise<void>): void {
    this.#underWay.add(task);
    void task.finally(() => this.#underWay.delete(task));
  }

  async #run(change: StartableChange): Promise<void> {
    const { workflows, firstAttempts, onFailed, onAlreadyStarted, clock } = this.#options;
    firstAttempts?.expect(change.id);
    try {
      const { started, eager } = await workflows.start(change);
      if (!started) onAlreadyStarted(change);
      if (firstAttempts && eager) await firstAttempts.wait(change.id, MAX_HOLD_MS);
    } catch (error) {
      this.#pausedUntil = clock() + PAUSE_MS;
      await onFailed(change, error);
    } finally {
      firstAttempts?.forget(change.id);
    }
  }
}
