interface Pending {
  planned: number | null;
  attempted: number;
  done: () => void;
}

/**
 * Follows changes whose first attempts are made in this process. A place on the fast path is free again when they are
 * done, or after a bound: an endpoint that hangs must not hold it.
 */
export class FirstAttempts {
  readonly #pending = new Map<string, Pending>();

  /** Resolves when the change's first attempts are done, at the latest after `maxMs`. */
  async wait(changeId: string, maxMs: number): Promise<void> {
    const pending = this.#follow(changeId);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, maxMs);
      pending.done = () => {
        clearTimeout(timer);
        resolve();
      };
      check(pending);
    });
    this.#pending.delete(changeId);
  }

  /** Begins to follow a change, before its workflow is started. */
  expect(changeId: string): void {
    this.#follow(changeId);
  }

  /** Stops following a change that was not started here. */
  forget(changeId: string): void {
    this.#pending.delete(changeId);
  }

  planned(changeId: string, deliveries: number): void {
    const pending = this.#pending.get(changeId);
    if (!pending) return;
    pending.planned = deliveries;
    check(pending);
  }

  attempted(changeId: string): void {
    const pending = this.#pending.get(changeId);
    if (!pending) return;
    pending.attempted += 1;
    check(pending);
  }

  #follow(changeId: string): Pending {
    const known = this.#pending.get(changeId);
    if (known) return known;
    const pending: Pending = { planned: null, attempted: 0, done: () => undefined };
    this.#pending.set(changeId, pending);
    return pending;
  }
}

function check({ planned, attempted, done }: Pending): void {
  if (planned !== null && attempted >= planned) done();
}
