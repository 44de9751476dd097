import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDocument } from '../../support/documents.ts';
import type { RanDocument } from '../../support/run-document.ts';
import { runDocument } from '../../support/run-document.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('docs/guides/slack.md', () => {
  let tablehook: Tablehook;
  let ran: RanDocument;
  beforeAll(async () => {
    tablehook = await startTablehook();
    ran = await runDocument(tablehook, await findDocument('docs/guides/slack.md'));
  });
  afterAll(async () => {
    await ran?.stop();
    await tablehook.stop();
  });

  it('posts what the guide shows, then its own words, and calls nobody', async () => {
    const messages = () =>
      ran
        .output()
        .split('\n')
        .filter((line) => /^\{ ?"text":/.test(line))
        .map((line) => (JSON.parse(line) as { text: string }).text);
    await expect
      .poll(messages)
      .toEqual([
        'Contracts · Lease A&amp;B was deleted by bob',
        ':rotating_light: bob deleted the critical contract *Lease &lt;!channel&gt;*',
      ]);
    expect(ran.output()).toContain('"text":"Critical: yes"');
  });
});
