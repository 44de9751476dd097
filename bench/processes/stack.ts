/** What was started, to be stopped in reverse: each step to its end, whatever becomes of the others. */
export class Stack {
  readonly #closers: { name: string; close: () => Promise<void> }[] = [];
  readonly #onError: (name: string, error: unknown) => void;

  constructor(onError: (name: string, error: unknown) => void) {
    this.#onError = onError;
  }

  push(name: string, close: () => Promise<void>): void {
    this.#closers.push({ name, close });
  }

  async close(): Promise<void> {
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) {
      try {
        await closer.close();
      } catch (error) {
        this.#onError(closer.name, error);
      }
    }
  }
}
