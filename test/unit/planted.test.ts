import { describe, expect, it } from 'vitest';
import { findPlanted, plant } from '../support/planted.ts';

describe('findPlanted', () => {
  const secrets = { token: 'AAAA/bbbb+cccc=dddd/eeee', ...plant('value') };
  const { token } = secrets;

  it.each<[how: string, dump: string]>([
    ['text', `x${token}x`],
    ['hex', Buffer.from(`x${token}x`).toString('hex')],
    ['HEX', Buffer.from(`x${token}x`).toString('hex').toUpperCase()],
    ['URL-encoded', `?q=${encodeURIComponent(`x ${token}`)}`],
    ['UTF-16', Buffer.from(token, 'utf16le').toString('latin1')],
    ...['', 'x', 'xy', 'xyz'].flatMap((before) =>
      ['', 'z', 'zz'].flatMap((after): [string, string][] => {
        const bytes = Buffer.from(`${before}${token}${after}`);
        return [
          ['base64', bytes.toString('base64')],
          ['base64url', bytes.toString('base64url')],
        ];
      }),
    ),
  ])('finds a secret as %s in %s', (how, dump) => {
    expect(findPlanted(dump, secrets)).toContain(`token as ${how}`);
    expect(findPlanted(Buffer.from(dump), secrets).every((found) => found.startsWith('token'))).toBe(true);
  });

  it('finds nothing where nothing is', () => {
    expect(
      findPlanted(`planted-value ${token.slice(1)} ${Buffer.from('x').toString('base64')}`, secrets),
    ).toEqual([]);
  });
});
