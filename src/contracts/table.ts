import { z } from 'zod';
import { FieldId, TableId } from './id.ts';
import { Instant } from './instant.ts';
import { NO_CONTROLS, NOT_BLANK } from './text.ts';

export const FieldType = z.enum(['text', 'number', 'boolean', 'datetime', 'select', 'multiSelect', 'json']);
export type FieldType = z.infer<typeof FieldType>;

const Name = z
  .string()
  .regex(NOT_BLANK, 'must not be empty')
  .regex(NO_CONTROLS, 'must not hold control characters')
  .trim()
  .min(1)
  .max(100);
const TableName = Name.refine(
  (name) => !name.toLowerCase().startsWith('tablehook.'),
  "must not start with tablehook., the names of Tablehook's own tables",
);
const FieldName = Name.refine(
  (name) => !name.startsWith('$') && !['__proto__', 'constructor', 'prototype'].includes(name),
  'must not start with $ or be a reserved word',
);
const Options = z.array(z.string().min(1).max(200)).min(1).max(500);

/** A declared field as a client sends it; `options` belong to select and multiSelect, and only to them. */
export const FieldInput = z
  .strictObject({ id: FieldId.optional(), name: FieldName, type: FieldType, options: Options.optional() })
  .superRefine((field, context) => {
    const takesOptions = field.type === 'select' || field.type === 'multiSelect';
    if (takesOptions && field.options === undefined) {
      context.addIssue({ code: 'custom', path: ['options'], message: `a ${field.type} field needs options` });
    }
    if (!takesOptions && field.options !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['options'],
        message: `a ${field.type} field takes no options`,
      });
    }
    if (field.options && new Set(field.options).size !== field.options.length) {
      context.addIssue({ code: 'custom', path: ['options'], message: 'must not repeat an option' });
    }
  });
export type FieldInput = z.infer<typeof FieldInput>;

const FieldInputs = z
  .array(FieldInput)
  .max(200)
  .superRefine((fields, context) => {
    const seen = new Set<string>();
    for (const [index, { name }] of fields.entries()) {
      if (seen.has(name)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `there are two fields named ${name}`,
        });
      }
      seen.add(name);
    }
  });

export const CreateTableInput = z.strictObject({ name: TableName, fields: FieldInputs.default([]) });
export type CreateTableInput = z.infer<typeof CreateTableInput>;

/** `fields` is the whole list: with an id kept, without added, missing deleted. */
export const UpdateTableInput = z.strictObject({
  name: TableName.optional(),
  fields: FieldInputs.optional(),
});
export type UpdateTableInput = z.infer<typeof UpdateTableInput>;

/** A declared field. `options` is there for select and multiSelect, and only for them. */
export const Field = z
  .strictObject({
    id: FieldId,
    name: z.string(),
    type: FieldType,
    options: z.array(z.string()).exactOptional(),
  })
  .describe('A declared field. `options` is there for select and multiSelect only.');
export type Field = z.infer<typeof Field>;

/** `system`: Tablehook's own, which a client may read and listen to, not change. */
export const Table = z
  .strictObject({
    id: TableId,
    name: z.string(),
    system: z.boolean(),
    schemaVersion: z.number().int().min(1),
    fields: z.array(Field),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .describe(
    'A table and its fields. `system`: one of Tablehook itself, to be read and listened to, not changed.',
  );
export type Table = z.infer<typeof Table>;
