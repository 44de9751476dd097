import { z } from 'zod';
import { NO_CONTROLS } from './text.ts';

/** Prefix of every id Tablehook makes; the rest is a UUIDv7 in base 32 (TypeID 0.3). */
export type IdPrefix = 'tbl' | 'fld' | 'rec' | 'chg' | 'whk' | 'dlv' | 'key' | 'rpl' | 'tst';

function typeId(prefix: IdPrefix, what: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`), `must be the id of ${what} (${prefix}_…)`)
    .describe(`The id of ${what}.`);
}

export const TableId = typeId('tbl', 'a table');
export const FieldId = typeId('fld', 'a field');
export const StoredRecordId = typeId('rec', 'a record');
export const ChangeId = typeId('chg', 'a change');
export const WebhookId = typeId('whk', 'a webhook');
export const DeliveryId = typeId('dlv', 'a delivery');
export const ReplayId = typeId('rpl', 'a replay');
export const ApiKeyId = typeId('key', 'an API key');

/** Id of a record kept elsewhere: 1–200 characters without controls, and never one of Tablehook's own (`rec_…`). */
export const ReportedRecordId = z
  .string()
  .min(1)
  .max(200)
  .regex(NO_CONTROLS, 'must not hold control characters')
  .refine(
    (id) => !StoredRecordId.safeParse(id).success,
    'ids of this form belong to records kept by Tablehook',
  );

/** Any record id a filter may name. */
export const AnyRecordId = z.string().min(1).max(200).regex(NO_CONTROLS, 'must not hold control characters');
