/** Shorter ones are no credentials, and would be found in any text. */
const SHORTEST = 8;
const HIDDEN = '[hidden]';

/** What ends a word in a query, in a header, and in an answer that quotes either. */
const BETWEEN = /[\s&=<>"'`,;]+/;

/** How answers write what they repeat: as it is, in JSON, in JSON as PHP has it, in HTML (two ways), in a URL. */
const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  toJson,
  (text) => toJson(text).replaceAll('/', String.raw`\/`),
  (text) => text.replaceAll('/', '&#x2F;').replaceAll('=', '&#x3D;'),
  (text) => text.replaceAll('+', '&#43;'),
  encodeURIComponent,
];

/**
 * What of a request's URL and secret headers an answer may not repeat in the open: the path, its parts, values, and what
 * these look like in the syntax of an answer. The longest first: a part of it would leave the rest.
 */
export function echoesOf(url: string, headerValues: readonly string[]): string[] {
  const { pathname, search, searchParams, hash } = new URL(url);
  const query = search.slice(1);
  const parts = [pathname + search, pathname, query, ...pathname.split('/'), hash.slice(1)];
  const whole = [...parts, ...parts.map(decode), ...searchParams.values(), ...headerValues];
  const words = [query, decode(query), ...headerValues].flatMap((text) => text.split(BETWEEN));
  const said = [...new Set([...whole, ...words])].filter(({ length }) => length >= SHORTEST);
  return [...new Set(said.flatMap((text) => SPELLINGS.map((spell) => spell(text))))].toSorted(
    (a, b) => b.length - a.length,
  );
}

/** The text with `[hidden]` for each of the echoes, and for the beginning of one that it ends with: it may have been cut. */
export function hideEchoes(text: string, echoes: readonly string[]): string {
  const shown = echoes.reduce((rest, echo) => rest.replaceAll(echo, HIDDEN), text);
  const cut = Math.max(...echoes.map((echo) => beginningAtEnd(shown, echo)), 0);
  return cut === 0 ? shown : `${shown.slice(0, -cut)}${HIDDEN}`;
}

/** How much of the echo's beginning the text ends with; 0 where it is too short to matter. */
function beginningAtEnd(text: string, echo: string): number {
  const end = text.slice(-SHORTEST);
  if (end.length < SHORTEST) return 0;
  for (let at = echo.lastIndexOf(end); at >= 0; at = at === 0 ? -1 : echo.lastIndexOf(end, at - 1)) {
    const length = at + SHORTEST;
    if (text.endsWith(echo.slice(0, length))) return length;
  }
  return 0;
}

function toJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
