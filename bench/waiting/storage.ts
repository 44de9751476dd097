import type { Stage } from './stage.ts';

/** What a collection takes, by MongoDB's own count. */
export interface CollectionSize {
  documents: number;
  /** Uncompressed. */
  dataBytes: number;
  /** Compressed, on disk. */
  storageBytes: number;
  indexBytes: number;
}

interface CollStats {
  count: number;
  size: number;
  storageSize: number;
  totalIndexSize: number;
}

const COLLECTIONS = ['deliveries', 'changes', 'records'] as const;

/** Reads the sizes of what one parked change leaves behind, once everything is on disk. */
export async function readStorage({ db }: Stage): Promise<Record<string, CollectionSize>> {
  await db.admin().command({ fsync: 1 });
  const sizes: Record<string, CollectionSize> = {};
  for (const name of COLLECTIONS) {
    // The shape is MongoDB's.
    const stats = (await db.command({ collStats: name })) as unknown as CollStats;
    sizes[name] = {
      documents: stats.count,
      dataBytes: stats.size,
      storageBytes: stats.storageSize,
      indexBytes: stats.totalIndexSize,
    };
  }
  return sizes;
}
