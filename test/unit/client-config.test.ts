import { describe, expect, it } from 'vitest';
import { parseClientConfig } from '../../src/config.ts';

describe('parseClientConfig', () => {
  it('finds the Tablehook of `npm start` when nothing is set', () => {
    expect(parseClientConfig({}, {})).toEqual({
      url: 'http://127.0.0.1:3000',
      apiKey: undefined,
      dataDir: expect.stringMatching(/\.tablehook$/),
      colour: true,
    });
  });

  it('takes options before variables, and an empty variable as none', () => {
    const env = { TABLEHOOK_URL: 'https://a.example/', TABLEHOOK_API_KEY: 'thk_a', NO_COLOR: '1' };
    expect(parseClientConfig({}, env)).toMatchObject({
      url: 'https://a.example',
      apiKey: 'thk_a',
      colour: false,
    });
    expect(parseClientConfig({ url: 'http://b.example', apiKey: 'thk_b' }, env)).toMatchObject({
      url: 'http://b.example',
      apiKey: 'thk_b',
    });
    expect(parseClientConfig({}, { TABLEHOOK_URL: '', NO_COLOR: '' })).toMatchObject({
      url: 'http://127.0.0.1:3000',
      colour: true,
    });
  });

  it.each([
    [{ url: '127.0.0.1:3000' }, {}, '--url must begin with http'],
    [{}, { TABLEHOOK_URL: 'ftp://a.example' }, 'TABLEHOOK_URL must begin with http'],
  ])('names what is malformed: %j %j', (options, env, message) => {
    expect(() => parseClientConfig(options, env)).toThrow(message);
  });
});
