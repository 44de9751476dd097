import { mongo } from 'mongoose';

/** A document as its bytes, and the collection it is in. */
export interface DumpedDocument {
  where: string;
  bytes: Uint8Array;
}

/** Every document of every collection of every database of a server, the oplog and the transactions' too. */
export async function* dumpMongodb(uri: string): AsyncGenerator<DumpedDocument> {
  const client = await mongo.MongoClient.connect(uri);
  try {
    const { databases } = await client.db().admin().listDatabases();
    for (const { name } of databases) {
      for await (const collection of client.db(name).listCollections({ type: 'collection' })) {
        const found = client.db(name).collection(collection.name).find({}, { raw: true });
        // With `raw`, documents are Buffers, which the driver's types do not know.
        for await (const bytes of found)
          yield { where: `${name}.${collection.name}`, bytes: bytes as unknown as Uint8Array };
      }
    }
  } finally {
    await client.close();
  }
}
