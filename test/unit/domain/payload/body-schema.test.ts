import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventType } from '../../../../src/contracts/change.ts';
import type { JsonObject, JsonValue } from '../../../../src/contracts/json.ts';
import { PayloadOptions } from '../../../../src/contracts/payload.ts';
import type { Field } from '../../../../src/contracts/table.ts';
import { diffRecord } from '../../../../src/domain/diff-record.ts';
import { asCreated } from '../../../../src/domain/as-created.ts';
import { mergeChanges } from '../../../../src/domain/merge-changes.ts';
import { toBodySchema } from '../../../../src/domain/payload/body-schema.ts';
import { renderPayload } from '../../../../src/domain/payload/render-payload.ts';
import type { RenderableChange } from '../../../../src/domain/render-body.ts';
import { toSampleChange } from '../../../../src/domain/sample-change.ts';
import { titleFieldOf } from '../../../../src/domain/title-field.ts';

// Compiling a schema takes this validator tens of milliseconds.
const RUNS = { numRuns: 60 };
const TIMEOUT_MS = 60_000;

const TABLE_ID = 'tbl_1';
const WEBHOOK = { id: 'whk_1', name: 'CRM' };
const SCHEMA_VERSION = 3;

// Without `ownProperties` this validator takes the method toString for the value of a field of that name.
const validatorOf = (schema: JsonObject) =>
  new Ajv2020({ ownProperties: true, strictTypes: false, formats: { 'date-time': true } }).compile(schema);

function render(change: RenderableChange, payload: PayloadOptions): unknown {
  const rendered = renderPayload(change, {
    webhook: WEBHOOK,
    payload,
    recordUrl: () => 'http://temporal.test/r',
  });
  if (!rendered.ok) throw new Error(rendered.detail);
  return JSON.parse(rendered.body);
}

function schemaOf(fields: readonly Field[], payload: PayloadOptions, merges = false): JsonObject {
  const table = { id: TABLE_ID, schemaVersion: SCHEMA_VERSION, fields };
  return toBodySchema({ table, webhook: { id: WEBHOOK.id, payload }, merges });
}

const type = fc.constantFrom('text', 'number', 'boolean', 'datetime', 'select', 'multiSelect', 'json');
const name = fc
  .oneof(
    fc.constantFrom('A', 'B', 'toString', 'record', 'x.y', 'é "q"'),
    fc.string({ minLength: 1, maxLength: 12 }),
  )
  .filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));
const fieldsOf = fc
  .uniqueArray(fc.record({ name, type }), { selector: (field) => field.name, maxLength: 8 })
  .map((all) =>
    all.map(({ name: called, type: kind }, index): Field => ({
      id: `fld_${index}`,
      name: called,
      type: kind,
      ...(kind.toLowerCase().includes('select') && { options: ['one', 'two'] }),
    })),
  );
const valueOf: Record<Field['type'], fc.Arbitrary<JsonValue>> = {
  text: fc.string(),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  datetime: fc.constant('2026-01-31T09:30:00.000Z'),
  // Of an option that is gone.
  select: fc.constantFrom('one', 'two', 'gone'),
  multiSelect: fc.subarray(['one', 'two', 'gone']),
  json: (fc.jsonValue() as fc.Arbitrary<JsonValue>).filter((value) => value !== null),
};
const stateOf = (fields: readonly Field[]) =>
  fc
    .record(Object.fromEntries(fields.map((field) => [field.id, valueOf[field.type]])), { requiredKeys: [] })
    // Absent keys are absent, not undefined.
    .map((state) => state as JsonObject);

interface ToChangeInput {
  fields: readonly Field[];
  previous: JsonObject | null;
  record: JsonObject | null;
  schemaVersion?: number;
  version?: number;
}

function toChange({
  fields,
  previous,
  record,
  schemaVersion = SCHEMA_VERSION,
  version = 4,
}: ToChangeInput): RenderableChange {
  const present = fields.filter(({ id }) => previous?.[id] !== undefined || record?.[id] !== undefined);
  const kind: EventType =
    previous === null ? 'record.created' : record === null ? 'record.deleted' : 'record.updated';
  return {
    id: `chg_${version}`,
    type: kind,
    timestamp: '2026-01-31T09:30:00.000Z',
    operatorId: 'ana',
    source: { kind: 'api', requestId: 'req', hops: 0 },
    table: { id: TABLE_ID, name: 'Tasks', schemaVersion },
    recordId: 'rec_1',
    recordVersion: version,
    fieldNames: Object.fromEntries(present.map((field) => [field.id, field.name])),
    titleField: titleFieldOf(fields),
    previous,
    record,
    changes: diffRecord(fields, previous, record),
  };
}

const payloadOf = (fields: readonly Field[]) =>
  fc
    .record({
      format: fc.constantFrom('standard', 'standard', 'slack', 'template'),
      fields: fc.option(fc.subarray([...fields.map(({ id }) => id), 'fld_gone'], { minLength: 1 }), {
        nil: undefined,
      }),
      keys: fc.constantFrom('name', 'id'),
      includePrevious: fc.boolean(),
      idsOnly: fc.boolean(),
    })
    .map((options) =>
      PayloadOptions.parse({
        ...options,
        ...(options.format === 'template' && { template: '{"all":{{ event | json }}}' }),
      }),
    );
/** A table, the states of one of its records, and what a webhook asks for. */
const scene = fieldsOf.chain((fields) =>
  fc.record({
    fields: fc.constant(fields),
    states: fc.tuple(stateOf(fields), stateOf(fields), stateOf(fields)),
    payload: payloadOf(fields),
  }),
);

describe('toBodySchema', () => {
  it(
    'is true for every body of any table, change and options',
    () => {
      fc.assert(
        fc.property(scene, ({ fields, states: [a, b], payload }) => {
          const validate = validatorOf(schemaOf(fields, payload));
          const updated = toChange({ fields, previous: a, record: b });
          const changes = [
            toChange({ fields, previous: null, record: a }),
            updated,
            toChange({ fields, previous: a, record: null }),
            asCreated(updated),
          ];
          for (const change of changes) {
            const body = render(change, payload);
            expect(validate(body), JSON.stringify([validate.errors, body])).toBe(true);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'is true for bodies of older schema versions, whose fields had other names',
    () => {
      fc.assert(
        fc.property(scene, fc.boolean(), ({ fields, states: [a, b, c], payload }, merges) => {
          const names = fields.map((field) => field.name).toReversed();
          // Every name is now another field's; one field is gone.
          const now = fields.map((field, index) => ({ ...field, name: names[index] ?? field.name })).slice(1);
          const old = toChange({ fields, previous: a, record: b, schemaVersion: 2 });
          const validate = validatorOf(schemaOf(now, payload, merges));
          expect(validate(render(old, payload)), JSON.stringify(validate.errors)).toBe(true);
          if (!merges) return;
          const last = toChange({ fields: now, previous: b, record: c, version: 5 });
          const merged = mergeChanges(old, last);
          if (merged) expect(validate(render(merged, payload)), JSON.stringify(validate.errors)).toBe(true);
        }),
        RUNS,
      );
    },
    TIMEOUT_MS,
  );

  const FIELDS: Field[] = [
    { id: 'fld_1', name: 'Title', type: 'text' },
    { id: 'fld_2', name: 'Count', type: 'number' },
  ];
  const TABLE = { id: TABLE_ID, name: 'Tasks', schemaVersion: SCHEMA_VERSION, fields: FIELDS };
  const sample = (kind: EventType) =>
    toSampleChange({
      table: TABLE,
      type: kind,
      now: new Date(0),
      ids: { changeId: 'chg_1', recordId: 'rec_1' },
    });
  interface Body {
    type: string;
    items: [{ record: JsonObject | null; previous: unknown; changes: Record<string, unknown>[] }];
  }
  const refuses = (edit: (body: Body) => void, options: Partial<PayloadOptions> = {}) => {
    const payload = PayloadOptions.parse(options);
    const validate = validatorOf(schemaOf(FIELDS, payload));
    const body = render(sample('record.updated'), payload) as Body;
    expect(validate(body)).toBe(true);
    edit(body);
    return !validate(body);
  };

  it('refuses what the webhook never sends', () => {
    expect(refuses(({ items: [item] }) => void (item.record = { Title: 1 }))).toBe(true);
    expect(refuses(({ items: [item] }) => void (item.record = { Titel: 'x' }))).toBe(true);
    expect(refuses(({ items: [item] }) => void (item.record = null))).toBe(true);
    expect(refuses(({ items: [item] }) => void (item.previous = undefined))).toBe(true);
    expect(refuses(({ items: [{ changes }] }) => void Object.assign(changes[0] ?? {}, { to: 5 }))).toBe(true);
    expect(refuses((body) => void (body.type = 'record.created'))).toBe(true);
    expect(refuses((body) => void (body.type = 'record.moved'))).toBe(true);
    expect(refuses((body) => void Object.assign(body, { more: 1 }))).toBe(true);
    expect(refuses((body) => void Object.assign(body.items[0], { record: {} }), { idsOnly: true })).toBe(
      true,
    );
    const withPrevious = (body: Body) => void Object.assign(body.items[0], { previous: {} });
    expect(refuses(withPrevious, { includePrevious: false })).toBe(true);
    const byId = ({ items: [item] }: Body) => void (item.record = { fld_1: 1 });
    expect(refuses(byId, { keys: 'id' })).toBe(true);
    const others = ({ items: [item] }: Body) => void (item.record = { Count: 1 });
    expect(refuses(others, { fields: ['fld_1'] })).toBe(true);
  });

  it('says of a template that it yields an object or a list', () => {
    const payload = PayloadOptions.parse({ format: 'template', template: '[]' });
    const validate = validatorOf(schemaOf(FIELDS, payload));
    expect([{}, [], 1, 'x', null].map((value) => validate(value))).toEqual([true, true, false, false, false]);
  });
});
