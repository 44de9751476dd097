import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShareLimits } from '../domain/share-workflow.ts';
import { countSharers } from '../domain/share-workflow.ts';
import type { ChangeDoc } from '../models/change.ts';
import { toSharedId } from '../services/changes/startable.ts';
import type { ChangeStarter, StartableChange } from '../services/context.ts';
import type { Workflows } from '../services/workflows.ts';
import type { HeldChange, InHand } from './in-hand.ts';
import { toHeld } from './in-hand.ts';

/** Planning that takes longer gives its place up; behind it, the worker itself does when an endpoint lets it wait. */
const MAX_HOLD_MS = 500;
/** Changes that can only wait in line at a busy endpoint gather for so long: they have time, their neighbours have not. */
const GATHER_MS = 500;
/** After a start that failed, how long writes are left to the relay. */
const PAUSE_MS = 2_000;

export interface FastPathOptions {
  workflows: Pick<Workflows, 'start' | 'startShared'>;
  /** Workflows between their start and the end of their first attempts, at most. */
  places: number;
  /** Changes that may wait in memory for a place; beyond them, what is written is the relay's. */
  queueLength: number;
  /** Which changes that wait may share a workflow. */
  share: ShareLimits;
  /** Changes whose first attempts this process's worker makes; null where there is no worker. */
  inHand: InHand | null;
  /** Where there is none, nobody tells when first attempts are over: how long a place rests behind a start. Default: 0. */
  restMs?: number;
  /** A start that failed, or, with the error null, was not made before the close: the changes must reach a relay. */
  onFailed: (changes: StartableChange[], error: unknown) => Promise<void>;
  /** A start whose id Temporal knew already. */
  onAlreadyStarted: (change: StartableChange) => void;
  clock: () => number;
}

/**
 * Starts workflows, few at a time: more in parallel makes every one slower. A change that finds a place free gets a
 * workflow of its own; those that have to wait leave together, in a shared one. Writes reserve before they commit, so
 * that what this process cannot take in hand is left, unclaimed, to the relay.
 */
export class FastPath implements ChangeStarter {
  readonly #options: FastPathOptions;
  readonly #queue: HeldChange[] = [];
  readonly #patient: HeldChange[] = [];
  readonly #freed: (() => void)[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #reserved = 0;
  #running = 0;
  #sharing = false;
  #pausedUntil = 0;
  #gathering: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();
  /** Set by the relay while older changes wait for it: new ones then queue behind them. */
  relayHasBacklog = false;

  constructor(options: FastPathOptions) {
    this.#options = options;
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  isIdleFor(tableId: string): boolean {
    const { places, clock } = this.#options;
    if (this.#isPatient(tableId)) return false;
    const open = !this.#closed && !this.relayHasBacklog && clock() >= this.#pausedUntil;
    return open && !this.#sharing && this.#queue.length === 0 && this.#running < places;
  }

  /** Whether changes wait in memory for a place. */
  get isWaiting(): boolean {
    return this.#queue.length + this.#patient.length > 0;
  }

  reserve(count: number): number {
    return this.relayHasBacklog ? 0 : this.reserveForRelay(count);
  }

  /** As `reserve`, for the relay itself, whose changes are the oldest. */
  reserveForRelay(count: number): number {
    const { places, queueLength, clock } = this.#options;
    if (this.#closed || places === 0 || clock() < this.#pausedUntil) return 0;
    const granted = Math.max(0, Math.min(count, places + queueLength - this.#reserved));
    this.#reserved += granted;
    return granted;
  }

  release(count: number): void {
    this.#reserved -= count;
    if (count > 0) for (const resolve of this.#freed.splice(0)) resolve();
  }

  start(changes: ChangeDoc[]): void {
    for (const change of changes) {
      const held = toHeld(change);
      const patient = !held.change.promised && this.#isPatient(change.tableId);
      (patient ? this.#patient : this.#queue).push(held);
    }
    if (this.#closed) this.#giveBack();
    else this.#pump();
    if (this.#patient.length > 0) this.#gathering ??= setTimeout(() => this.#gather(), GATHER_MS);
  }

  #isPatient(tableId: string): boolean {
    return this.#options.share.changes > 1 && this.#options.inHand?.onlyWaits(tableId) === true;
  }

  #gather(): void {
    this.#gathering = undefined;
    this.#queue.push(...this.#patient.splice(0));
    this.#pump();
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
    this.#closing.abort();
    for (const resolve of this.#freed.splice(0)) resolve();
    this.#giveBack();
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #giveBack(): void {
    clearTimeout(this.#gathering);
    const waiting = [...this.#queue.splice(0), ...this.#patient.splice(0)];
    this.release(waiting.length);
    if (waiting.length > 0) this.#track(this.#options.onFailed(toStartables(waiting), null));
  }

  #pump(): void {
    // Beside a shared workflow nothing starts: what waits for it makes the next one larger, and larger ones cost less.
    while (this.#running < this.#options.places && !this.#sharing && this.#queue.length > 0) {
      this.#begin(this.#queue.splice(0, this.#countNext()));
    }
  }

  #begin(changes: HeldChange[]): void {
    const shares = changes.length > 1;
    this.#running += 1;
    if (shares) this.#sharing = true;
    const run = this.#run(changes).finally(() => {
      this.#running -= 1;
      if (shares) this.#sharing = false;
      this.release(changes.length);
      this.#pump();
    });
    this.#track(run);
  }

  #track(task: Promise<void>): void {
    this.#underWay.add(task);
    void task.finally(() => this.#underWay.delete(task));
  }

  /** A change whose workflow was promised goes alone; others go with those that wait behind them. */
  #countNext(): number {
    const promised = this.#queue.findIndex(({ change }) => change.promised);
    const sharers = promised === -1 ? this.#queue : this.#queue.slice(0, promised);
    return countSharers(
      sharers.map(({ change, weight }) => ({ recordId: change.recordId, weight })),
      this.#options.share,
    );
  }

  async #run(held: HeldChange[]): Promise<void> {
    const { inHand, restMs = 0, onFailed, clock } = this.#options;
    const attempted = inHand?.take(held);
    const changes = toStartables(held);
    try {
      const eager = await this.#startWorkflow(changes);
      if (attempted && eager) await Promise.race([attempted, sleep(MAX_HOLD_MS, null, { ref: false })]);
      if (!attempted && restMs > 0) await this.#rest(restMs);
    } catch (error) {
      this.#pausedUntil = clock() + PAUSE_MS;
      await onFailed(changes, error);
    } finally {
      inHand?.drop(held);
    }
  }

  /** Resolves after that time, or when the path closes. */
  async #rest(ms: number): Promise<void> {
    await sleep(ms, null, { ref: false, signal: this.#closing.signal }).catch(() => undefined);
  }

  async #startWorkflow(changes: StartableChange[]): Promise<boolean> {
    const { workflows, onAlreadyStarted } = this.#options;
    const [first] = changes;
    if (!first) return false;
    if (changes.length > 1) {
      return workflows.startShared({ workflowId: toSharedId(randomUUID()), changes });
    }
    const { started, eager } = await workflows.start(first);
    if (!started) onAlreadyStarted(first);
    return eager;
  }
}

function toStartables(held: readonly HeldChange[]): StartableChange[] {
  return held.map(({ change }) => change);
}
