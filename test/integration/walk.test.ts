import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { welcome } from '../../src/welcome.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

describe('the walk that the first screen prints', () => {
  let tablehook: Tablehook;
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());

  it('runs as printed: the endpoint prints both changes, and the log of deliveries is answered', async () => {
    const port = await freePort();
    const shell = spawn('bash', ['-c', walkOf(tablehook).replaceAll('4000', String(port))], {
      detached: true,
    });
    let printed = '';
    shell.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    shell.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    try {
      for (const seen of ['"type":"record.created"', '"type":"record.updated"', '"nextCursor":null']) {
        await until(async () => printed.includes(seen), { what: `${seen} in what the walk prints` });
      }
    } finally {
      // The endpoint stays with the reader's shell; here it goes with its process group.
      if (shell.pid !== undefined) process.kill(-shell.pid);
    }
    expect(printed).toContain('"secret":"whsec_');
    expect(printed).toContain('"changes":[{"fieldId":');
    expect(printed).not.toContain('"detail"');
    expect(printed).not.toMatch(/bash:|curl:/);
  });
});

/** The indented commands behind the words about the walk. */
function walkOf({ url, apiKey }: Tablehook): string {
  const ended = new Promise<never>(() => undefined);
  const started = { apiUrl: url, apiKey, temporalUiUrl: undefined, ended, close: async () => undefined };
  const lines = welcome(started, '/data').split('\n');
  const first = lines.findIndex((line) => line.includes('export TABLEHOOK_URL'));
  const commands = lines.slice(first).filter((line) => line.startsWith('    '));
  return [...commands, 'wait'].join('\n');
}

async function freePort(): Promise<number> {
  const receiver = await startReceiver();
  await receiver.close();
  return Number(new URL(receiver.url).port);
}
