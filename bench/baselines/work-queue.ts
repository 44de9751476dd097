export interface WorkQueueOptions<T> {
  /** How many are worked on at a time. */
  concurrency: number;
  work: (item: T) => Promise<void>;
  onError: (error: unknown) => void;
}

/** Works on what it is given, so many at a time, in the order given. In memory: what a process has when it dies is gone. */
export function createWorkQueue<T>({ concurrency, work, onError }: WorkQueueOptions<T>): (item: T) => void {
  const waiting: T[] = [];
  let running = 0;
  const next = (): void => {
    if (running >= concurrency) return;
    const item = waiting.shift();
    if (item === undefined) return;
    running += 1;
    void work(item)
      .catch(onError)
      .finally(() => {
        running -= 1;
        next();
      });
  };
  return (item) => {
    waiting.push(item);
    next();
  };
}
