import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

describe('the types of the client', () => {
  it('are those of the document; else `npm run generate:client` makes them so', async () => {
    const tsx = fileURLToPath(new URL('node_modules/tsx/dist/cli.mjs', `file://${ROOT}`));
    const check = [tsx, 'tools/generate-client.ts', '--check'];
    const { stderr } = await promisify(execFile)(process.execPath, check, { cwd: ROOT });
    expect(stderr).toBe('');
  }, 60_000);
});
