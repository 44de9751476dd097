/** Shorter ones are no credentials, and would be found in any text. */
const SHORTEST = 8;

/** What of a request's URL and secret headers an answer may not repeat in the open: the path, its parts, values. */
export function echoesOf(url: string, headerValues: readonly string[]): string[] {
  const { pathname, search, searchParams, hash } = new URL(url);
  const query = search.slice(1);
  const pieces = [...pathname.split('/'), ...query.split(/[&=]/)];
  const parts = [pathname + search, pathname, query, ...pieces, hash.slice(1)];
  const words = headerValues.flatMap((value) => [value, ...value.split(' ')]);
  const said = [...parts, ...parts.map(decode), ...searchParams.values(), ...words];
  // The longest first: a part of it would leave the rest.
  return [...new Set(said)]
    .filter(({ length }) => length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
}

/** The text with `[hidden]` for each of the echoes. */
export function hideEchoes(text: string, echoes: readonly string[]): string {
  return echoes.reduce((shown, echo) => shown.replaceAll(echo, '[hidden]'), text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
