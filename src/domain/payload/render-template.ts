import type { Template } from 'liquidjs';
import { LiquidError } from 'liquidjs';
import type { ShapedBody } from '../render-body.ts';
import { shorten } from '../shorten.ts';
import { createTemplateEngine, refuseRanges } from './template-engine.ts';

/** UTF-16 units of what a template may yield. */
const MAX_OUTPUT_LENGTH = 512 * 1024;
const MAX_CACHED = 500;
const MAX_EXCERPT = 200;
/** For so long after it took too long, a template gets less time: a plan of many changes must end, whatever theirs do. */
const WARY_FOR_MS = 60_000;
const WARY_RENDER_MS = 10;

/** What a template yields: JSON text; or why not, once without anything of the event, once in detail for its author. */
export type RenderedTemplate = { ok: true; body: string } | { ok: false; reason: string; detail: string };

const engine = createTemplateEngine();
const parsed = new Map<string, Template[]>();
/** Until when, on the process's own clock, templates that took too long are rendered warily. */
const waryUntil = new WeakMap<Template[], number>();

/**
 * What a Liquid template makes of an event: a JSON object or list, as rendered, without the white space around it. Sees
 * `event` and `item`, its first item, and nothing else. Bounded in time, memory and output; never throws. One that took
 * too long has a fraction of the time for the next minute.
 */
export function renderTemplate(template: string, event: ShapedBody): RenderedTemplate {
  const first = render(template, event);
  if (first.ok || first.reason !== TOO_LONG) return first;
  // A pause of the machine must not fail a delivery for good: the clock's verdict is asked for twice.
  const second = render(template, event);
  const known = parsed.get(template);
  if (!second.ok && second.reason === TOO_LONG && known)
    waryUntil.set(known, performance.now() + WARY_FOR_MS);
  return second;
}

function render(template: string, event: ShapedBody): RenderedTemplate {
  let output: string;
  try {
    const templates = parse(template);
    const isWary = (waryUntil.get(templates) ?? 0) > performance.now();
    const limits = isWary ? { renderLimit: WARY_RENDER_MS } : {};
    const rendered: unknown = engine.renderSync(templates, { event, item: event.items[0] }, limits);
    output = String(rendered);
  } catch (error) {
    return describeError(error);
  }
  if (output.length > MAX_OUTPUT_LENGTH) return fail(`it yields more than ${MAX_OUTPUT_LENGTH} characters`);
  const body = output.trim();
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return { ok: true, body };
    return fail('it yields JSON that is neither an object nor a list');
  } catch (error) {
    return fail('it does not yield JSON', messageOf(error));
  }
}

/** Parsed templates, those used last: every change of a table has the same few. */
function parse(template: string): Template[] {
  const known = parsed.get(template) ?? engine.parse(template);
  if (!parsed.has(template)) refuseRanges(known);
  parsed.delete(template);
  parsed.set(template, known);
  const [oldest] = parsed.keys();
  if (parsed.size > MAX_CACHED && oldest !== undefined) parsed.delete(oldest);
  return known;
}

const TOO_LONG = 'it takes too long to render';
const PLACE = /, line:(\d+), col:(\d+)$/;

/** What an error says may hold values of the event: the reason says where it was, no more. */
function describeError(error: unknown): RenderedTemplate {
  const message = messageOf(error);
  if (message.startsWith('template render limit')) return fail(TOO_LONG, message);
  if (message.startsWith('memory alloc limit') || isRangeError(error)) {
    return fail('it makes too much on its way', message);
  }
  const place = PLACE.exec(message);
  const where = place ? `, line ${place[1]}, column ${place[2]}` : '';
  return fail(`it cannot be rendered${where}`, `${message.replace(PLACE, '')}${excerptOf(error)}`);
}

/** Texts beyond what the machine can hold, and tags nested beyond its stack. */
function isRangeError(error: unknown): boolean {
  return (LiquidError.is(error) ? error.originalError : error) instanceof RangeError;
}

/** The line that an error of the engine points at, as far as it is short. */
function excerptOf(error: unknown): string {
  if (!LiquidError.is(error)) return '';
  const line = error.context.split('\n').find((text) => text.startsWith('>>'));
  const text = line?.replace(/^>>\s*\d+\|\s?/, '').trim() ?? '';
  return text === '' ? '' : ` in ${shorten(text, MAX_EXCERPT)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fail(reason: string, detail?: string): RenderedTemplate {
  return { ok: false, reason, detail: detail === undefined ? reason : `${reason}: ${detail}` };
}
