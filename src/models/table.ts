import type { Field, Table } from '../contracts/table.ts';
import { defineCollection } from './collection.ts';

/**
 * `system`: Tablehook's own, and nobody else's to change; absent means no. `webhookCount` counts webhooks that listen,
 * `orderedCount` those that keep order; `webhookRevision` grows whenever which of them do changes.
 */
export interface TableDoc {
  _id: string;
  name: string;
  system?: boolean;
  fields: Field[];
  schemaVersion: number;
  webhookCount: number;
  orderedCount: number;
  webhookRevision: number;
  createdAt: Date;
  updatedAt: Date;
}

export const TableCollection = defineCollection<TableDoc>('tables', {
  _id: { type: String, required: true },
  name: { type: String, required: true },
  system: { type: Boolean },
  fields: [
    {
      _id: false,
      id: String,
      name: String,
      type: { type: String },
      options: { type: [String], default: undefined },
    },
  ],
  schemaVersion: { type: Number, required: true },
  webhookCount: { type: Number, required: true },
  orderedCount: { type: Number, required: true },
  webhookRevision: { type: Number, required: true },
  createdAt: { type: Date, required: true },
  updatedAt: { type: Date, required: true },
});

/** The table as the API shows it. */
export function toTable(doc: TableDoc): Table {
  return {
    id: doc._id,
    name: doc.name,
    system: doc.system ?? false,
    schemaVersion: doc.schemaVersion,
    fields: doc.fields,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
