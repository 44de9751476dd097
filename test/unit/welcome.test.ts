import { describe, expect, it } from 'vitest';
import { welcome } from '../../src/welcome.ts';

const started = {
  apiUrl: 'http://127.0.0.1:3001',
  apiKey: 'thk_key',
  temporalUiUrl: 'http://127.0.0.1:8233',
  ended: new Promise<never>(() => undefined),
  close: async () => undefined,
};

describe('welcome', () => {
  it('says where everything is, and sets the walk up for it', () => {
    const text = welcome(started, '/data/.tablehook');
    for (const fact of [
      'API          http://127.0.0.1:3001',
      'API key      thk_key',
      'Temporal UI  http://127.0.0.1:8233',
      'Data         /data/.tablehook',
      'export TABLEHOOK_URL=http://127.0.0.1:3001 TABLEHOOK_API_KEY=thk_key',
    ]) {
      expect(text).toContain(fact);
    }
  });

  it('says what to set when the UI of Temporal is not known', () => {
    expect(welcome({ ...started, temporalUiUrl: undefined }, '/data')).toContain(
      'Temporal UI  not known; set TEMPORAL_UI_URL',
    );
  });
});
