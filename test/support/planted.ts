import { randomUUID } from 'node:crypto';

/** Secrets of a test, by what they are. */
export type Planted = Record<string, string>;

/** A word per name, each of its own, so that any trace of one is found and told from the others. */
export function plant<Name extends string>(...names: Name[]): Record<Name, string> {
  const words = names.map((name) => [name, `planted-${name}-${randomUUID()}`] as const);
  // The names are those that were given.
  return Object.fromEntries(words) as Record<Name, string>;
}

/** Which of the secrets a dump holds, as text, base64, base64url, hex or URL-encoded: `<name> as <spelling>`. */
export function findPlanted(dump: Uint8Array | string, secrets: Planted): string[] {
  const bytes = Buffer.from(dump);
  return Object.entries(secrets).flatMap(([name, secret]) => {
    if (secret.length < 16) throw new Error(`${name} is too short to be told from anything else`);
    return spellingsOf(secret)
      .filter(([, spelling]) => bytes.includes(spelling))
      .map(([how]) => `${name} as ${how}`);
  });
}

function spellingsOf(secret: string): [how: string, spelling: string][] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const [url, json] = [encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return [
    ['text', secret],
    ['UTF-16', bytes.toString('utf8').split('').join('\0')],
    ...[0, 1, 2].flatMap((shift): [string, string][] => {
      const text = base64Within(bytes, shift);
      return [
        ['base64', text],
        ['base64url', text.replaceAll('+', '-').replaceAll('/', '_')],
      ];
    }),
    ['hex', hex],
    ['HEX', hex.toUpperCase()],
    ['URL-encoded', url],
    ['JSON', json],
    ['HTML', secret.replaceAll('+', '&#43;').replaceAll('/', '&#47;').replaceAll('=', '&#61;')],
  ];
}

/** The letters that base64 has for the bytes wherever they stand at such a distance from a multiple of three. */
function base64Within(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  const end = (shift + bytes.length) % 3 === 0 ? text.length : text.indexOf('=') - 1;
  const whole = end < 0 ? text.length : end;
  return text.slice(shift === 0 ? 0 : shift + 1, whole);
}
