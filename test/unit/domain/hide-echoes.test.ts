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

  it('leaves all else, and what is too short to be a credential', () => {
    const text = 'ok from hooks.example, Bearer, sig';
    expect(hide(text)).toBe(text);
    expect(hideEchoes('GET /hook', echoesOf('https://hooks.example/hook', ['1']))).toBe('GET /hook');
  });
});
