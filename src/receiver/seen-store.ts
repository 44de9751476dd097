/** Remembers the deliveries that were handled. One in your database, written with what you store, survives a restart. */
export interface SeenStore {
  has: (deliveryId: string) => boolean | Promise<boolean>;
  /** Called once the handler has succeeded, and before Tablehook is answered. */
  add: (deliveryId: string) => void | Promise<void>;
}

const DEFAULT_SIZE = 10_000;

/**
 * A store in memory that forgets the oldest beyond `size` ids (10,000: about 1 MB). Another process, or this one after a
 * restart, knows nothing of it: what must not happen twice needs a store of its own.
 */
export function createMemoryStore({ size = DEFAULT_SIZE }: { size?: number } = {}): SeenStore {
  if (!Number.isInteger(size) || size < 1) throw new TypeError('size must be a whole number of at least 1');
  const ids = new Set<string>();
  return {
    has: (deliveryId) => ids.has(deliveryId),
    add: (deliveryId) => {
      ids.delete(deliveryId);
      ids.add(deliveryId);
      const [oldest] = ids;
      if (ids.size > size && oldest !== undefined) ids.delete(oldest);
    },
  };
}
