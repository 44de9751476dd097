import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDocument } from '../../support/documents.ts';
import type { RanDocument } from '../../support/run-document.ts';
import { runDocument } from '../../support/run-document.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('docs/guides/crm.md', () => {
  let tablehook: Tablehook;
  let ran: RanDocument;
  beforeAll(async () => {
    tablehook = await startTablehook();
    ran = await runDocument(tablehook, await findDocument('docs/guides/crm.md'));
  });
  afterAll(async () => {
    await ran?.stop();
    await tablehook.stop();
  });

  it('tells the CRM who comes, who goes, and who was there before, and nothing of what it wrote itself', async () => {
    const heard = () =>
      ran
        .output()
        .split('\n')
        .filter((line) => line.startsWith('crm '));
    const expected = [
      'crm has Grace <grace@example.com>, v2',
      `crm drops ${ran.variable('GRACE')}, v4`,
      'crm has Ada <ada@example.com>, v1',
    ];
    await expect.poll(() => heard().toSorted()).toEqual(expected.toSorted());
    expect(heard().at(-1)).toBe(expected[2]);
    expect(ran.output()).toMatch(
      /"wouldFire":false,"reasons":\["It ignores changes made with the API key key_/,
    );
    expect(await tablehook.listDeliveries(`recordId=${ran.variable('ADA')}`)).toHaveLength(1);
  });

  it('makes the body that a fixed API wants', async () => {
    const bodies = () =>
      ran
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{ "external_id"'))
        .map((line) => JSON.parse(line) as unknown);
    await expect.poll(bodies).toEqual([
      {
        external_id: ran.variable('ADA'),
        revision: 2,
        properties: { name: 'Ada', email: 'ada@crm.example' },
      },
    ]);
  });
});
