import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDocument } from '../../support/documents.ts';
import type { RanDocument } from '../../support/run-document.ts';
import { runDocument } from '../../support/run-document.ts';
import { newEventBody, signedHeaders } from '../../support/signed-event.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

/** By then a busy machine is done, too. */
const SOON = { timeout: 60_000 };

const BODY = JSON.stringify(newEventBody());
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const HOUR_S = 3_600;

const guides = [
  {
    path: 'docs/guides/receiver-node.md',
    command: ['node', 'receiver.mjs'],
    taken: 200,
    repeat: 'handled before',
  },
  {
    path: 'docs/guides/receiver-python.md',
    command: ['python3', 'receiver.py'],
    taken: 202,
    repeat: 'had it already',
  },
];

let tablehook: Tablehook;
beforeAll(async () => {
  tablehook = await startTablehook();
});
afterAll(async () => tablehook.stop());

describe.each(guides)('the receiver of $path', ({ path, command, taken, repeat }) => {
  let ran: RanDocument;
  let secret: string;

  beforeAll(async () => {
    ran = await runDocument(tablehook, await findDocument(path));
    secret = ran.variable('WEBHOOK_SECRET');
  });
  afterAll(async () => ran.stop());

  interface Sent {
    deliveryId: string;
    secrets?: string[];
    agedSeconds?: number;
    body?: string;
  }
  /** Calls it as Tablehook does, or as somebody who only pretends to; `body` is sent instead of what was signed. */
  const send = async ({ deliveryId, secrets = [secret], agedSeconds = 0, body = BODY }: Sent) => {
    const timestampSeconds = Math.floor(Date.now() / 1000) - agedSeconds;
    const headers = signedHeaders({ secrets, body: BODY, deliveryId, timestampSeconds });
    const answer = await fetch(ran.fill('http://127.0.0.1:4000/'), { method: 'POST', headers, body });
    return { status: answer.status, text: (await answer.text()).trim() };
  };
  const handled = (what: string) =>
    ran
      .output()
      .split('\n')
      .filter((line) => line.startsWith(what)).length;

  it('was given both changes by Tablehook and handled each once, though one was delivered twice', async () => {
    const record = ran.variable('RECORD');
    await expect.poll(() => handled(`record.created ${record} v1`), SOON).toBe(1);
    await expect
      .poll(() => handled(`record.updated ${record} v2 (Status: pending -> completed)`), SOON)
      .toBe(1);
    const { state, attempts } = await tablehook.getDelivery(ran.variable('DELIVERY'));
    expect(state).toBe('delivered');
    expect(attempts.map(({ status }) => status)).toEqual([taken, 200]);
    expect(attempts[1]?.responseBody?.trim()).toBe(repeat);
  });

  it('takes what one of several signatures is right for, and knows it when it comes again', async () => {
    const sent = { deliveryId: 'dlv_rotated', secrets: [OTHER_SECRET, secret] };
    expect(await send(sent)).toMatchObject({ status: taken });
    expect(await send(sent)).toEqual({ status: 200, text: repeat });
  });

  it('refuses what is signed by another, or altered, for good', async () => {
    expect(await send({ deliveryId: 'dlv_forged', secrets: [OTHER_SECRET] })).toMatchObject({ status: 401 });
    expect(await send({ deliveryId: 'dlv_altered', body: `${BODY} ` })).toMatchObject({ status: 401 });
    const unsigned = await fetch(ran.fill('http://127.0.0.1:4000/'), { method: 'POST', body: BODY });
    expect(unsigned.status).toBe(401);
  });

  it('asks for another attempt where one is too old or too new', async () => {
    expect(await send({ deliveryId: 'dlv_old', agedSeconds: HOUR_S })).toMatchObject({ status: 425 });
    expect(await send({ deliveryId: 'dlv_new', agedSeconds: -HOUR_S })).toMatchObject({ status: 425 });
    expect(await send({ deliveryId: 'dlv_old' })).toMatchObject({ status: taken });
  });

  it('knows after a restart what it had before, and takes a second secret', async () => {
    await ran.restart(command, { WEBHOOK_SECRET: `${OTHER_SECRET},${secret}` });
    expect(await send({ deliveryId: ran.variable('DELIVERY') })).toEqual({ status: 200, text: repeat });
    expect(await send({ deliveryId: 'dlv_second', secrets: [OTHER_SECRET] })).toMatchObject({
      status: taken,
    });
  });
});
