const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';

/** The forms of an HTTP-date (RFC 9110 §5.6.7): IMF-fixdate, RFC 850, asctime. All are in GMT. */
const HTTP_DATES = [
  `[A-Z][a-z]{2}, (?<day>\\d{1,2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT`,
  `[A-Z][a-z]{5,8}, (?<day>\\d{1,2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT`,
  `[A-Z][a-z]{2} ${MONTH} (?<day>[ \\d]?\\d) ${TIME} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/**
 * Milliseconds to wait by a Retry-After header (RFC 9110 §10.2.3): whole seconds or an HTTP date.
 * A date in the past is 0 (at once); what cannot be read is null.
 */
export function parseRetryAfter(header: string | undefined, now: Date): number | null {
  const value = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  const timeMs = parseHttpDate(value, now);
  return timeMs === null ? null : Math.max(0, timeMs - now.getTime());
}

// Date.parse would take "Mon 1" for a day in 2001, and so call an endpoint at once that asked for nothing.
function parseHttpDate(value: string, now: Date): number | null {
  for (const form of HTTP_DATES) {
    const parts = form.exec(value)?.groups;
    if (!parts) continue;
    const part = (name: string) => Number(parts[name]);
    const year = parts['year']?.length === 2 ? toFullYear(part('year'), now) : part('year');
    const midnight = new Date(Date.UTC(year, MONTHS.indexOf(parts['month'] ?? ''), part('day')));
    if (midnight.getUTCDate() !== part('day')) return null;
    return midnight.getTime() + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000;
  }
  return null;
}

// RFC 9110 §5.6.7: a year that appears to be more than 50 years ahead is the latest past one of the same last digits.
function toFullYear(lastDigits: number, now: Date): number {
  const thisYear = now.getUTCFullYear();
  const year = thisYear - (thisYear % 100) + lastDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
