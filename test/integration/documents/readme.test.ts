import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventBody } from '../../../src/contracts/event-body.ts';
import { findDocument, ROOT } from '../../support/documents.ts';
import type { RanDocument } from '../../support/run-document.ts';
import { runDocument } from '../../support/run-document.ts';
import { newEventBody, signedHeaders } from '../../support/signed-event.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

/** By then a busy machine is done, too. */
const SOON = { timeout: 60_000 };

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const run = promisify(execFile);
const BIN = `${ROOT}node_modules/.bin`;

describe('README.md', () => {
  let tablehook: Tablehook;
  let ran: RanDocument;
  beforeAll(async () => {
    tablehook = await startTablehook();
    ran = await runDocument(tablehook, await findDocument('README.md'));
  });
  afterAll(async () => {
    await ran?.stop();
    await tablehook.stop();
  });

  it('runs as written, and its endpoint prints a body with the keys that the README shows', async () => {
    const { blocks } = await findDocument('README.md');
    const shown = JSON.parse(
      blocks.find(({ marks }) => marks.includes('EventBody'))?.text ?? '',
    ) as EventBody;
    const printed = ran
      .output()
      .split('\n')
      .find((line) => line.includes('"type":"record.updated"'));
    expect(keysOf(JSON.parse(printed ?? '{}'))).toEqual(keysOf(shown));
  });

  it('has programs in TypeScript that the compiler takes', async () => {
    const compiler = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck'];
    const types = ['--types', 'node', '--typeRoots', `${ROOT}node_modules/@types`];
    await run(`${BIN}/tsc`, [...compiler, ...types, 'receiver.ts', 'client.ts'], { cwd: ran.folder });
  });

  it('has a client that writes a record and reads back what became of it', async () => {
    const env = { ...process.env, TABLEHOOK_URL: tablehook.url, TABLEHOOK_API_KEY: tablehook.apiKey };
    const { stdout } = await run(`${BIN}/tsx`, ['client.ts'], { cwd: ran.folder, env });
    expect(stdout).toBe("{ Title: 'Ship' } 0\n");
  });

  it('has a receiver that hears an update once', async () => {
    await ran.restart([`${BIN}/tsx`, 'receiver.ts'], { WEBHOOK_SECRET: SECRET });
    const body = JSON.stringify(newEventBody());
    const send = async () => {
      const headers = signedHeaders({ secrets: [SECRET], body, deliveryId: 'dlv_readme' });
      return fetch(ran.fill('http://127.0.0.1:4000/'), { method: 'POST', headers, body });
    };
    expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
    const heard = () =>
      ran
        .output()
        .split('\n')
        .filter((line) => line.startsWith('dlv_readme Ship'));
    await expect.poll(heard, SOON).toHaveLength(1);
  });
});

/** The paths of a value's keys. */
function keysOf(value: unknown, at = ''): string[] {
  if (value === null || typeof value !== 'object') return [at];
  return Object.entries(value).flatMap(([key, part]) => keysOf(part, `${at}.${key}`));
}
