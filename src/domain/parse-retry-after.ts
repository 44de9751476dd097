/**
 * Milliseconds to wait by a Retry-After header (RFC 9110 §10.2.3): whole seconds or an HTTP date.
 * A date in the past is 0 (at once); what cannot be read is null.
 */
export function parseRetryAfter(header: string | undefined, now: Date): number | null {
  const value = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  // The three HTTP-date forms all begin with a day name; Date.parse alone would take "-5" or "2".
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value)) return null;
  // asctime dates carry no zone and are GMT by definition.
  const time = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(time) ? null : Math.max(0, time - now.getTime());
}
