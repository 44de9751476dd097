import type { ChangesInHand } from '../../activities/deps.ts';
import { weighChange } from '../domain/weigh-change.ts';
import type { ChangeDoc } from '../models/change.ts';
import { toStartable } from '../services/changes/startable.ts';
import type { StartableChange } from '../services/context.ts';

interface Group {
  pending: Set<string>;
  done: () => void;
}

interface Entry {
  doc: ChangeDoc | null;
  group: Group;
}

/** A change on its way to its workflow; a large one is not kept in memory and will be read again. */
export interface HeldChange {
  change: StartableChange;
  doc: ChangeDoc | null;
  /** About how many bytes its values take. */
  weight: number;
}

/** Of values. What may wait in memory is bounded by number; this bounds what one of them weighs. */
const MAX_KEPT_BYTES = 16_384;

/** Holds a stored change for its start. */
export function toHeld(doc: ChangeDoc): HeldChange {
  const weight = weighChange(doc);
  return { change: toStartable(doc), doc: weight > MAX_KEPT_BYTES ? null : doc, weight };
}

/**
 * The changes whose workflows this process is starting, and whose first attempts its worker will make: they need not be
 * read again, and their place on the fast path is free when their first attempts are over.
 */
export class InHand implements ChangesInHand {
  readonly #entries = new Map<string, Entry>();
  readonly #onlyWait = new Set<string>();

  get(changeId: string): ChangeDoc | undefined {
    return this.#entries.get(changeId)?.doc ?? undefined;
  }

  done(changeId: string): void {
    const entry = this.#entries.get(changeId);
    if (!entry) return;
    this.#entries.delete(changeId);
    entry.group.pending.delete(changeId);
    if (entry.group.pending.size === 0) entry.group.done();
  }

  learn(tableId: string, onlyWaits: boolean): void {
    if (onlyWaits) this.#onlyWait.add(tableId);
    else this.#onlyWait.delete(tableId);
  }

  /** Whether changes of this table have nowhere to go for now, as far as the last one told. */
  onlyWaits(tableId: string): boolean {
    return this.#onlyWait.has(tableId);
  }

  /** Takes changes in hand, before their workflow is started. Resolves when the first attempts of all are over. */
  async take(held: readonly HeldChange[]): Promise<void> {
    return new Promise((resolve) => {
      const group = { pending: new Set(held.map(({ change }) => change.id)), done: resolve };
      for (const { change, doc } of held) this.#entries.set(change.id, { doc, group });
    });
  }

  /** Lets go of changes that were not started here after all. */
  drop(held: readonly HeldChange[]): void {
    for (const { change } of held) this.done(change.id);
  }
}
