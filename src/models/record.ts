import type { JsonObject } from '../contracts/json.ts';
import type { TableRecord, ValueKeys } from '../contracts/record.ts';
import type { Field } from '../contracts/table.ts';
import { keyValues } from '../domain/field-values.ts';
import { defineCollection } from './collection.ts';

/** `values` by field id. `deletedAt` marks the tombstone a deleted record leaves. */
export interface RecordDoc {
  _id: string;
  tableId: string;
  version: number;
  values: JsonObject;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

export const RecordCollection = defineCollection<RecordDoc>('records', {
  _id: { type: String, required: true },
  tableId: { type: String, required: true },
  version: { type: Number, required: true },
  values: { type: Object, required: true },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
  deletedAt: { type: Date, default: null },
});
RecordCollection.schema.index({ tableId: 1, _id: 1 });

/** The record as the API shows it, its values keyed as asked. */
export function toRecord(doc: RecordDoc, fields: readonly Field[], keys: ValueKeys): TableRecord {
  return {
    id: doc._id,
    tableId: doc.tableId,
    version: doc.version,
    values: keyValues(fields, doc.values, keys),
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
