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

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
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

  it('has a receiver that the compiler takes, and that hears an update once', async () => {
    const compiler = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck'];
    const types = ['--types', 'node', '--typeRoots', `${ROOT}node_modules/@types`];
    await promisify(execFile)(`${BIN}/tsc`, [...compiler, ...types, 'receiver.ts'], { cwd: ran.folder });

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
    await expect.poll(heard).toHaveLength(1);
  });
});

/** The paths of a value's keys. */
function keysOf(value: unknown, at = ''): string[] {
  if (value === null || typeof value !== 'object') return [at];
  return Object.entries(value).flatMap(([key, part]) => keysOf(part, `${at}.${key}`));
}
