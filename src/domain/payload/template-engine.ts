import type { Context, FilterImplOptions, Template } from 'liquidjs';
import { CaptureTag, filters, Liquid, tags, toValue, TypeGuards } from 'liquidjs';

/** Characters of a template. */
export const MAX_TEMPLATE_LENGTH = 16_384;
/** How long one rendering may take. */
const RENDER_MS = 250;
/** What one rendering may make on its way: characters of texts, and elements of lists. */
const MAX_MADE = 1_000_000;
const MAX_RANGE = 10_000;

// Left out: what reads other templates, and HTML.
const TAGS = [
  ...['assign', 'break', 'capture', 'case', 'comment', 'continue', 'cycle', 'decrement', 'echo', 'for'],
  ...['if', 'increment', 'liquid', 'raw', 'unless', '#'],
] as const;

// Left out: what takes an expression as text, what makes large things of small ones, chance, and HTML.
const FILTERS = [
  ...['abs', 'append', 'at_least', 'at_most', 'base64_decode', 'base64_encode', 'capitalize', 'ceil'],
  ...['compact', 'date', 'date_to_xmlschema', 'default', 'divided_by', 'downcase', 'escape', 'find', 'first'],
  ...['floor', 'has', 'join', 'last', 'lstrip', 'map', 'minus', 'modulo', 'newline_to_br', 'plus', 'prepend'],
  ...['reject', 'remove', 'remove_first', 'remove_last', 'replace', 'replace_first', 'replace_last'],
  ...['reverse', 'round', 'rstrip', 'sha256', 'size', 'slice', 'slugify', 'sort', 'sort_natural', 'split'],
  ...['squish', 'strip', 'strip_newlines', 'sum', 'times', 'truncate', 'truncatewords', 'uniq', 'upcase'],
  ...['url_decode', 'url_encode', 'where'],
];

/** They read their first argument as an expression. */
const BY_PROPERTY = new Set(['find', 'has', 'reject', 'where']);
const CAPTURING = 'capturing';

/**
 * An engine that reaches nothing but what it is given: no files, no other templates, no prototypes. A text put out is
 * escaped for its place between the quotes of a JSON string; what ends with `json` or `raw` is put out as it is.
 */
export function createTemplateEngine(): Liquid {
  const engine = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    timezoneOffset: 0,
    locale: 'en',
    parseLimit: MAX_TEMPLATE_LENGTH,
    renderLimit: RENDER_MS,
    memoryLimit: MAX_MADE,
    outputEscape: escapeText,
  });
  for (const name of Object.keys(tags)) if (!TAGS.some((kept) => kept === name)) delete engine.tags[name];
  for (const name of Object.keys(filters)) engine.unregisterFilter(name);
  for (const [name, filter] of Object.entries(filters)) {
    if (FILTERS.includes(name)) engine.registerFilter(name, bound(name, filter));
  }
  engine.registerFilter('json', { raw: true, handler: bound('json', toJson) });
  engine.registerFilter('raw', { raw: true, handler: (value: unknown) => value });
  engine.registerTag('capture', BoundedCapture);
  return engine;
}

/** Throws for a template that no engine limit would stop: a range that counts where numbers have no successors never ends. */
export function refuseRanges(templates: readonly Template[]): void {
  const seen = new Set<object>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (TypeGuards.isRangeToken(value) && !(isBound(value.lhs) && isBound(value.rhs))) {
      throw new Error(`the bounds of a range must be whole numbers up to ${MAX_RANGE}: ${value.getText()}`);
    }
    for (const [key, part] of Object.entries(value)) if (key !== 'liquid') walk(part);
  };
  walk(templates);
}

function isBound(token: unknown): boolean {
  return (
    TypeGuards.isNumberToken(token) && Number.isInteger(token.content) && Math.abs(token.content) <= MAX_RANGE
  );
}

type Handler = (this: { context: Context }, value: unknown, ...args: unknown[]) => unknown;

/** The library's own limit counts what goes into a filter; some make ten times as much of it. */
function bound(name: string, filter: FilterImplOptions): Handler {
  // The library keeps its filters as functions; objects are for those that are registered with options.
  const handler = (typeof filter === 'function' ? filter : filter.handler) as Handler;
  return function bounded(value, ...args) {
    if (BY_PROPERTY.has(name) && (typeof args[0] !== 'string' || args[0].includes('..'))) {
      throw new Error(`${name} needs the name of a property`);
    }
    const result = handler.call(this, value, ...args);
    if (typeof result === 'string') this.context.memoryLimit.use(result.length);
    return result;
  };
}

/** JSON of any value, an absent one being null. */
function toJson(value: unknown): string {
  return JSON.stringify(toValue(value)) ?? 'null';
}

/** Within a capture nothing is escaped yet: that is for where the captured text is put out. */
function escapeText(this: unknown, value: unknown): string {
  // The library calls it as it calls a filter.
  const { context } = this as { context: Context };
  const text = toText(toValue(value));
  return context.getRegister(CAPTURING) ? text : JSON.stringify(text).slice(1, -1);
}

/** As Liquid puts out values, but for objects, which it has no way to put out. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => toText(item)).join('');
  return JSON.stringify(value) ?? '';
}

/** What is captured is made too, and the library does not count it. */
class BoundedCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const outer: unknown = context.getRegister(CAPTURING);
    context.setRegister(CAPTURING, true);
    const text = yield this.liquid.renderer.renderTemplates(this.templates, context);
    context.setRegister(CAPTURING, outer);
    context.memoryLimit.use(text.length);
    // The scope that assignments go to, as the library's own tag has it.
    (context.bottom() as Record<string, unknown>)[this.variable] = text;
  }
}
