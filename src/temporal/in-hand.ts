import type { ChangesInHand } from '../../activities/deps.ts';
import type { ChangeDoc } from '../models/change.ts';

interface Group {
  pending: Set<string>;
  done: () => void;
}

interface Entry {
  doc: ChangeDoc;
  group: Group;
}

/**
 * The changes whose workflows this process is starting, and whose first attempts its worker will make: they need not be
 * read again, and their place on the fast path is free when their first attempts are over.
 */
export class InHand implements ChangesInHand {
  readonly #entries = new Map<string, Entry>();

  get(changeId: string): ChangeDoc | undefined {
    return this.#entries.get(changeId)?.doc;
  }

  done(changeId: string): void {
    const entry = this.#entries.get(changeId);
    if (!entry) return;
    this.#entries.delete(changeId);
    entry.group.pending.delete(changeId);
    if (entry.group.pending.size === 0) entry.group.done();
  }

  /** Takes changes in hand, before their workflow is started. Resolves when the first attempts of all are over. */
  async take(docs: readonly ChangeDoc[]): Promise<void> {
    return new Promise((resolve) => {
      const group = { pending: new Set(docs.map(({ _id }) => _id)), done: resolve };
      for (const doc of docs) this.#entries.set(doc._id, { doc, group });
    });
  }

  /** Lets go of changes that were not started here after all. */
  drop(docs: readonly ChangeDoc[]): void {
    for (const { _id } of docs) this.done(_id);
  }
}
