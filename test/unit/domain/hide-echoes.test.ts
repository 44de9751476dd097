import { describe, expect, it } from 'vitest';
import { echoesOf, hideEchoes } from '../../../src/domain/hide-echoes.ts';

describe('hideEchoes', () => {
  const echoes = echoesOf('https://hooks.example/services/T0KEN%2FT0KEN?sig=abcdefgh%3D', [
    'Bearer s3cr3t-s3cr3t',
  ]);
  const hide = (text: string) => hideEchoes(text, echoes);

  it.each([
    ['Cannot POST /services/T0KEN%2FT0KEN?sig=abcdefgh%3D', 'Cannot POST [hidden]'],
    ['see https://hooks.example/services/T0KEN%2FT0KEN', 'see https://hooks.example[hidden]'],
    ['the token T0KEN/T0KEN', 'the token [hidden]'],
    ['abcdefgh= is wrong, s3cr3t-s3cr3t too', '[hidden] is wrong, [hidden] too'],
    ['Bearer s3cr3t-s3cr3t', '[hidden]'],
  ])('hides what %s repeats of the request', (text, hidden) => {
    expect(hide(text)).toBe(hidden);
  });

  it('hides each parameter of a query as it was sent, also from a page that escapes what stands between them', () => {
    const { href } = new URL('https://hooks.example/run?code=s3cr3t%3D%3D&sig=T0KEN%2FT0KEN');
    const page = '<pre>Cannot POST /run?code=s3cr3t%3D%3D&amp;sig=T0KEN%2FT0KEN</pre>';
    expect(hideEchoes(page, echoesOf(href, []))).not.toMatch(/s3cr3t|T0KEN/);
  });

  describe('in answers that quote the request in a syntax of their own', () => {
    const url = 'https://hooks.example/run?code=ab/cdefghijk/lm&sig=x<y"z&to=T0KENT0KEN';
    const values = ['Basic dXNl/cjpz/ZWNy+ZXQ=', 'Token token="s3cr3t/s3c", id=T0KEN-T0KEN'];
    const SECRET = /cdefghijk|dXNl|cjpz|ZWNy|s3cr3t|T0KEN/;
    const quoted = JSON.stringify({ url, query: new URL(url).search, values });

    it.each([
      ['JSON', quoted],
      ['JSON with slashes escaped, as PHP has it', quoted.replaceAll('/', '\\/')],
      [
        'JSON fit for HTML, as Go has it',
        escaped(quoted, { '&': '\\u0026', '<': '\\u003c', '>': '\\u003e' }),
      ],
      ['HTML', escaped(values.join(), { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' })],
      ['HTML, as templates have it', escaped(values.join(), { '"': '&#34;', '/': '&#x2F;', '=': '&#x3D;' })],
      ['a URL', values.map(encodeURIComponent).join('&')],
    ])('hides them in %s', (_syntax, text) => {
      expect(text).toMatch(SECRET);
      expect(hideEchoes(text, echoesOf(url, values))).not.toMatch(SECRET);
    });
  });

  it('hides the beginning of one that the end of an answer cuts', () => {
    expect(hide('the token is s3cr3t-s3cr')).toBe('the token is [hidden]');
    expect(hide('see /services/T0KEN%2FT0')).not.toContain('T0KEN');
    expect(hide('Bearer')).toBe('Bearer');
  });

  it('leaves all else, and what is too short to be a credential', () => {
    const text = 'ok from hooks.example, Bearer, sig';
    expect(hide(text)).toBe(text);
    expect(hideEchoes('GET /hook', echoesOf('https://hooks.example/hook', ['1']))).toBe('GET /hook');
  });
});

function escaped(text: string, escapes: Record<string, string>): string {
  return text.replaceAll(/[^\w]/g, (character) => escapes[character] ?? character);
}
