/**
 * A pause that can be cut short: `wait` ends after its time, at a ring (also one that came before), at the stop, or when
 * `sooner` resolves. For one waiter at a time.
 */
export class Alarm {
  #rung = false;
  #stopped = false;
  #end: (() => void) | null = null;

  get stopped(): boolean {
    return this.#stopped;
  }

  ring(): void {
    this.#rung = true;
    this.#end?.();
  }

  stop(): void {
    this.#stopped = true;
    this.#end?.();
  }

  async wait(maxMs: number, sooner?: Promise<void>): Promise<void> {
    if (!this.#rung && !this.#stopped) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, maxMs);
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
        void sooner?.then(this.#end);
      });
      this.#end = null;
    }
    this.#rung = false;
  }
}
