import { z } from 'zod';
import { ValueKeys } from './record.ts';

/**
 * `standard`: the event itself (`EventBody`). `slack`: a message for a Slack incoming webhook. `template`: what a Liquid template
 * makes of the standard body; it must come out as JSON.
 */
export const PayloadFormat = z.enum(['standard', 'slack', 'template']);
export type PayloadFormat = z.infer<typeof PayloadFormat>;

const Fields = z
  .array(z.string().min(1).max(100))
  .min(1)
  .max(200)
  .describe('Only the values of these fields are sent. By name or id, read back by id.');
const Template = z
  .string()
  .min(1)
  .max(16_384)
  .describe(
    'Liquid over `event`, the standard body, and `item`, its first item. Must yield a JSON object or list.',
  );

const shape = {
  format: PayloadFormat.default('standard'),
  fields: Fields.optional(),
  keys: ValueKeys.default('name').describe('How values are keyed: by field name or by field id.'),
  includePrevious: z
    .boolean()
    .default(true)
    .describe('False: items have no `previous`, and their `changes` no `from`.'),
  idsOnly: z
    .boolean()
    .default(false)
    .describe('Items hold the id and version of their record and nothing else.'),
  template: Template.optional(),
};

/** What of a record change is sent, and in which form. */
export const PayloadOptions = z.strictObject(shape).superRefine((payload, context) => {
  const message = findTemplateFault(payload);
  if (message !== null) context.addIssue({ code: 'custom', path: ['template'], message });
});
export type PayloadOptions = z.infer<typeof PayloadOptions>;

/** Edits of payload options: fields left out keep their value, null takes an optional one away. */
export const UpdatePayloadOptions = z.strictObject({
  format: shape.format.unwrap().optional(),
  fields: Fields.nullable().optional(),
  keys: shape.keys.unwrap().optional(),
  includePrevious: shape.includePrevious.unwrap().optional(),
  idsOnly: shape.idsOnly.unwrap().optional(),
  template: Template.nullable().optional(),
});
export type UpdatePayloadOptions = z.infer<typeof UpdatePayloadOptions>;

/** What is wrong with the presence or absence of a template; null when nothing is. */
export function findTemplateFault({
  format,
  template,
}: {
  format: PayloadFormat;
  template?: string | undefined;
}): string | null {
  if (format === 'template') return template === undefined ? 'is needed for the format template' : null;
  return template === undefined ? null : `belongs to the format template, and this is ${format}`;
}
