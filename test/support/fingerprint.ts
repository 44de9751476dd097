import { createHash } from 'node:crypto';
import type { Tablehook } from './tablehook.ts';

/** A hash of everything stored, but for the minute a key was last used: the same before and after means nothing changed. */
export async function fingerprint({ services }: Tablehook): Promise<string> {
  const { db } = services.models.connection;
  const collections = (await db?.listCollections().toArray()) ?? [];
  const hash = createHash('sha256');
  for (const { name } of collections.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const docs = await db
      ?.collection(name)
      .find({}, { projection: { lastUsedAt: 0 } })
      .sort({ _id: 1 })
      .toArray();
    hash.update(`${name} ${JSON.stringify(docs)}`);
  }
  return hash.digest('hex');
}
