import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseBlocks, readDocuments } from '../../support/documents.ts';
import { runDocument, runnable } from '../../support/run-document.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

/** Their tests run them, and look closer. */
const RUN_ELSEWHERE = [
  'README.md',
  'docs/guides/crm.md',
  'docs/guides/from-undb.md',
  'docs/guides/operating.md',
  'docs/guides/slack.md',
  'docs/guides/receiver-node.md',
  'docs/guides/receiver-python.md',
];

const documents = (await readDocuments()).filter(
  ({ path, blocks }) => runnable(blocks).length > 0 && !RUN_ELSEWHERE.includes(path),
);

describe('shell blocks of documents', () => {
  let tablehook: Tablehook;
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());

  it.each(documents)('of $path run as written, and the API refuses none of their calls', async (document) => {
    const ran = await runDocument(tablehook, document);
    await ran.stop();
  });

  const written = (commands: string) => {
    const text = `\`\`\`sh\n${commands}\n\`\`\`\n`;
    return { path: 'made-up.md', text, blocks: parseBlocks('made-up.md', text) };
  };

  it.each([
    ['a call that the API refuses', 'th /v1/tables -d "{}"; echo on', /400/],
    ['a call that it refuses within an assignment', 'TABLE=$(th /v1/tables/tbl_1 | id)\necho on', /400|404/],
    ['a command that ends with an error', 'false\necho on', /ended with 1/],
    ['a name that was never set', 'th /v1/webhooks/$WEBHOOK\necho on', /WEBHOOK: unbound/],
  ])('fail a document for %s', async (_what, commands, reason) => {
    const running = runDocument(tablehook, written(commands));
    await expect(running).rejects.toThrow(reason);
    await expect(running).rejects.not.toThrow(/^on$/m);
  });
});
