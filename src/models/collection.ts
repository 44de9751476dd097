import type { Connection, Model, SchemaDefinition } from 'mongoose';
import { Schema } from 'mongoose';

/** Definition of a collection: its schema and indexes, bound to a connection by `bindCollection`. */
export interface CollectionDefinition<_Doc> {
  collection: string;
  schema: Schema;
}

/** A schema with Tablehook's conventions: string ids, no version key, no silent pruning, indexes made by `setup` only. */
export function defineCollection<Doc>(
  collection: string,
  definition: SchemaDefinition,
): CollectionDefinition<Doc> {
  const schema = new Schema(definition, {
    versionKey: false,
    minimize: false,
    strict: 'throw',
    autoIndex: false,
    autoCreate: false,
    id: false,
  });
  return { collection, schema };
}

/** Binds a collection to a connection. */
export function bindCollection<Doc>(
  connection: Connection,
  { collection, schema }: CollectionDefinition<Doc>,
): Model<Doc> {
  // Mongoose derives document types from the schema; ours are declared beside it, so the link is made here, once.
  return connection.model(collection, schema, collection) as unknown as Model<Doc>;
}
