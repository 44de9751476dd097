import { z } from 'zod';
import { ValueKeys } from './record.ts';

/**
 * `standard`: the body of product.md. `slack`: a message for a Slack incoming webhook. `template`: what a Liquid template
 * makes of the standard body; it must come out as JSON.
 */
export const PayloadFormat = z.enum(['standard', 'slack', 'template']);
export type PayloadFormat = z.infer<typeof PayloadFormat>;

const Fields = z.array(z.string().min(1).max(100)).min(1).max(200);
const Template = z.string().min(1).max(16_384);

const shape = {
  format: PayloadFormat.default('standard'),
  /** Only the values of these fields are sent; all when absent. By id; in requests a name will do. */
  fields: Fields.optional(),
  keys: ValueKeys.default('name'),
  includePrevious: z.boolean().default(true),
  /** Items hold the id and version of their record and nothing else. */
  idsOnly: z.boolean().default(false),
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
