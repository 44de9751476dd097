import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { welcome } from '../../src/welcome.ts';
import { makeFolder } from '../support/own-servers.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = `${CHECKOUT}dist/src/cli.js`;

describe('the walk', () => {
  let tablehook: Tablehook;
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());

  it('runs as the first screen prints it: the endpoint prints both changes, and the deliveries are listed', async () => {
    const port = await freePort();
    const [before = '', after = ''] = partsOf(tablehook).map((part) => part.replaceAll('4000', `${port}`));
    await paste([before, after, 'kill %1'], async (shell) => {
      await shell.prints(`Listening at http://127.0.0.1:${port}/ for record.* of Tasks`);
      await shell.goOn();
      await shell.prints('Status: "pending" → "completed"');
      await shell.prints('record.updated  rec_');
      await shell.goOn();
      await shell.prints('Deleted whk_');
      expect(shell.printed()).toMatch(/record\.created {2}Tasks {2}rec_\w+ v1 {2}by ana/);
      expect(shell.printed()).toContain('attempt 1  verified  answered 200');
      expect(shell.printed()).not.toMatch(/bash:|tablehook: /);
    });
  });

  it('runs as README.md has it in curl', async () => {
    const port = await freePort();
    const readme = await readFile(`${CHECKOUT}README.md`, 'utf8');
    const [, block = ''] = /The same with nothing but the REST API:\n\n```sh\n(.*?)```/s.exec(readme) ?? [];
    const commands = block
      .replaceAll('http://127.0.0.1:3000', tablehook.url)
      .replaceAll('thk_…', tablehook.apiKey)
      .replaceAll('4000', `${port}`);
    await paste([commands], async (shell) => {
      for (const seen of ['"type":"record.created"', '"type":"record.updated"', '"nextCursor":null']) {
        await shell.prints(seen);
      }
      expect(shell.printed()).toContain('"secret":"whsec_');
      expect(shell.printed()).toContain('"changes":[{"fieldId":');
      expect(shell.printed()).not.toContain('"detail"');
      expect(shell.printed()).not.toMatch(/bash:|curl:/);
    });
  });

  it('is the same in README.md as on the first screen', async () => {
    const readme = await readFile(`${CHECKOUT}README.md`, 'utf8');
    const commands = partsOf(tablehook)
      .join('\n')
      .split('\n')
      .filter((line) => /^\w/.test(line) && !line.startsWith('export') && !line.startsWith('tablehook()'));
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) expect(readme).toContain(command);
  });
});

/** The indented commands before and behind the words that say when to go on. */
function partsOf({ url, apiKey }: Tablehook): string[] {
  const ended = new Promise<never>(() => undefined);
  const started = { apiUrl: url, apiKey, temporalUiUrl: undefined, ended, close: async () => undefined };
  const text = welcome(started, '/data', CLI);
  const parts = text.slice(text.indexOf('    export TABLEHOOK_URL')).split('And when that is listening');
  return parts.map((part) =>
    part
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .map((line) => line.trim())
      .join('\n'),
  );
}

interface Shell {
  printed: () => string;
  prints: (text: string) => Promise<unknown>;
  /** Pastes the next part. */
  goOn: () => Promise<void>;
}

/** A bash like a person's, where each job has a process group of its own; what it has left running ends with it. */
async function paste(parts: string[], use: (shell: Shell) => Promise<void>): Promise<void> {
  const folder = await makeFolder();
  const gateOf = (index: number) => join(folder.path, `part-${index}`);
  const script = parts.map(
    (part, index) => `${index > 0 ? `until [ -e '${gateOf(index)}' ]; do sleep 0.05; done\n` : ''}${part}`,
  );
  const bash = spawn(
    'bash',
    ['-c', ['set -m', "trap 'kill %1 2>/dev/null' EXIT", ...script, 'wait'].join('\n')],
    {
      cwd: CHECKOUT,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const closed = new Promise((resolve) => bash.once('close', resolve));
  let printed = '';
  for (const stream of [bash.stdout, bash.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  }
  let part = 0;
  try {
    await use({
      printed: () => printed,
      prints: async (text) =>
        until(async () => printed.includes(text), { what: `${text} in what the walk prints` }),
      goOn: async () => writeFile(gateOf((part += 1)), ''),
    });
  } finally {
    for (let next = part + 1; next < parts.length; next += 1) await writeFile(gateOf(next), '');
    bash.kill('SIGTERM');
    await closed;
    await folder.remove();
  }
}

async function freePort(): Promise<number> {
  const receiver = await startReceiver();
  await receiver.close();
  return Number(new URL(receiver.url).port);
}
