import type { JsonObject } from '../../contracts/json.ts';
import type { PayloadOptions } from '../../contracts/payload.ts';
import type { Field } from '../../contracts/table.ts';
import { closedObject } from './closed-object.ts';
import { itemSchema } from './item-schema.ts';
import { when } from './when.ts';
import { MAX_SECTION_FIELDS, MAX_SECTIONS } from './slack-message.ts';

export interface ToBodySchemaInput {
  table: { id: string; schemaVersion: number; fields: readonly Field[] };
  webhook: { id: string; payload: PayloadOptions };
  /** Whether edits are merged: what a record was before may then go by older names of its fields. */
  merges: boolean;
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The JSON Schema (2020-12) of what a webhook sends from now on. True for every body rather than strict: values may be
 * absent, a select's value may outlive its option, and bodies of an older schema version may use older names.
 */
export function toBodySchema(input: ToBodySchemaInput): JsonObject {
  const { format } = input.webhook.payload;
  if (format === 'slack') return { $schema: DIALECT, ...SLACK };
  if (format === 'template') return { $schema: DIALECT, ...TEMPLATE };
  return { $schema: DIALECT, ...standardSchema(input) };
}

const TEMPLATE: JsonObject = {
  title: 'What the template of the webhook yields',
  description: 'A JSON object or list. What is in it is up to the template.',
  type: ['object', 'array'],
};

function standardSchema({ table, webhook, merges }: ToBodySchemaInput): JsonObject {
  const current = {
    properties: { table: { properties: { schemaVersion: { const: table.schemaVersion } } } },
  };
  const inItem = (isCurrent: boolean): JsonObject => ({
    properties: {
      items: { items: itemSchema({ fields: table.fields, payload: webhook.payload, isCurrent, merges }) },
    },
  });
  return {
    title: 'A record change',
    ...closedObject({
      version: { const: 1 },
      id: { type: 'string', pattern: '^chg_' },
      type: { enum: ['record.created', 'record.updated', 'record.deleted'] },
      timestamp: { type: 'string', format: 'date-time' },
      operatorId: { type: 'string', minLength: 1 },
      source: closedObject({
        kind: { enum: ['api', 'ingest', 'system'] },
        requestId: { type: 'string' },
        hops: { type: 'integer', minimum: 0 },
      }),
      table: closedObject({
        id: { const: table.id },
        name: { type: 'string', minLength: 1 },
        schemaVersion: { type: 'integer', minimum: 1 },
      }),
      webhook: closedObject({ id: { const: webhook.id }, name: { type: 'string', minLength: 1 } }),
      items: { type: 'array', minItems: 1, maxItems: 1 },
    }),
    // Bodies name fields as they were named when the change was written.
    ...when(current, inItem(true), inItem(false)),
    ...(!webhook.payload.idsOnly && { allOf: whatExists(webhook.payload) }),
  };
}

/** A record that was created had no state before, one that was deleted has none after. */
function whatExists({ includePrevious }: PayloadOptions): JsonObject[] {
  const states = (previous: JsonObject, record: JsonObject): JsonObject => ({
    properties: {
      items: { items: { properties: { ...(includePrevious && { previous }), record } } },
    },
  });
  const [there, gone]: JsonObject[] = [{ type: 'object' }, { type: 'null' }];
  const rules: [string, JsonObject][] = [
    ['record.created', states({ ...gone }, { ...there })],
    ['record.updated', states({ ...there }, { ...there })],
    ['record.deleted', states({ ...there }, { ...gone })],
  ];
  return rules.map(([type, then]) => when({ properties: { type: { const: type } } }, then));
}

const PLAIN_TEXT = closedObject({
  type: { const: 'plain_text' },
  text: { type: 'string', minLength: 1, maxLength: 2_000 },
  emoji: { const: false },
});
const MRKDWN = closedObject({
  type: { const: 'mrkdwn' },
  text: { type: 'string', minLength: 1, maxLength: 3_000 },
  verbatim: { const: true },
});

const SLACK: JsonObject = {
  title: 'A message for a Slack incoming webhook',
  ...closedObject({
    text: { type: 'string', minLength: 1, maxLength: 3_000 },
    blocks: {
      type: 'array',
      minItems: 2,
      maxItems: MAX_SECTIONS + 2,
      items: {
        oneOf: [
          closedObject({ type: { const: 'section' }, text: MRKDWN }),
          closedObject({
            type: { const: 'section' },
            fields: { type: 'array', minItems: 1, maxItems: MAX_SECTION_FIELDS, items: PLAIN_TEXT },
          }),
          closedObject({
            type: { const: 'context' },
            elements: { type: 'array', minItems: 2, maxItems: 10, items: PLAIN_TEXT },
          }),
        ],
      },
    },
  }),
};
