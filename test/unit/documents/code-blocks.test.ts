import { describe, expect, it } from 'vitest';
import { DOCUMENT_CONTRACTS, fillIds } from '../../support/document-contracts.ts';
import type { CodeBlock } from '../../support/documents.ts';
import { fileNameOf, parseBlocks, readDocuments } from '../../support/documents.ts';

const documents = await readDocuments();
const blocks = documents.flatMap((document) => document.blocks);

const SERVERS = 'servers of one’s own';
const WALK = 'run by test/integration/walk.test.ts';
const STORY = 'run by test/integration/examples';
/** Every block marked `no-test`, by its document and first command, and why it is not run. */
const NOT_RUN: Record<string, string> = {
  'README.md: npm ci && npm start': 'starts everything; test/process does',
  'README.md: npm test': 'runs this',
  'README.md: export TABLEHOOK_URL=': WALK,
  'README.md: # a record that changes': WALK,
  'docs/deploying.md: npm ci && npm run build && npm prune --omit=dev': SERVERS,
  [`docs/deploying.md: printf 'SECRET_KEYS=k1:%s`]: 'Docker',
  'docs/deploying.md: docker build -t': 'Docker, Kubernetes',
  'docs/performance.md: npm run bench': 'takes hours',
  'docs/reliability.md: npm run test:faults': 'takes most of an hour',
  'docs/testing.md: npm run build': 'run by .ci/run',
  'examples/README.md: npm ci && npm start': STORY,
  'examples/README.md: export TABLEHOOK_URL': STORY,
  'examples/crm/README.md: npm start': STORY,
  'examples/crm/README.md: WEBHOOK_SECRET=whsec_… CRM_TOKEN=… node': STORY,
  'examples/project-tool/README.md: npm start': STORY,
  'examples/project-tool/README.md: WEBHOOK_SECRET=whsec_… node': STORY,
  'examples/slack-alert/README.md: npm start': STORY,
  'examples/slack-alert/README.md: node': STORY,
};
/** Programs that no shell block starts: a test does. */
const STARTED_BY_TESTS = new Set(['README.md: receiver.ts', 'README.md: client.ts']);

const place = ({ document, line }: CodeBlock) => `${document}:${line}`;
const ofLanguage = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));
const isNotRun = ({ marks }: CodeBlock) => marks.includes('no-test');

/** What is wrong with a block: nothing says how it is run or judged. */
function fault(block: CodeBlock): string | null {
  const { language, marks } = block;
  if (language === 'text') return null;
  if (isNotRun(block)) return marks.length === 1 ? null : 'no-test stands alone';
  if (language === 'sh') return marks.length === 0 ? null : `what is ${marks.join(' ')}?`;
  if (language === 'json') {
    const names = marks.filter((mark) => !mark.startsWith('file='));
    return names.length === 1 && names.every((name) => name in DOCUMENT_CONTRACTS) ? null : 'which contract?';
  }
  if (['js', 'ts', 'python'].includes(language)) return fileNameOf(block) === null ? 'which file?' : null;
  return `who runs ${language === '' ? 'a block without a language' : language}?`;
}

describe('code blocks of the documents', () => {
  it('each say how they are run, or that they are not', () => {
    expect(blocks.length).toBeGreaterThan(20);
    expect(
      blocks.filter((block) => fault(block) !== null).map((block) => [place(block), fault(block)]),
    ).toEqual([]);
  });

  it('are run, but for these', () => {
    const notRun = blocks.filter(isNotRun);
    const known = Object.keys(NOT_RUN);
    const reasonOf = ({ document, text }: CodeBlock) =>
      known.find((begin) => `${document}: ${text}`.startsWith(begin)) ?? `not listed: ${document}: ${text}`;
    expect(notRun.map(reasonOf).toSorted()).toEqual(known.toSorted());
  });

  it('that are programs are started by a shell block or imported by a program beside them', () => {
    const idle = ofLanguage('js', 'ts', 'python').filter((block) => {
      const name = fileNameOf(block) ?? '';
      if (isNotRun(block) || STARTED_BY_TESTS.has(`${block.document}: ${name}`)) return false;
      const beside = blocks.filter((other) => other.document === block.document && other !== block);
      return !beside.some((other) => !isNotRun(other) && other.text.includes(name));
    });
    expect(idle.map(place)).toEqual([]);
  });

  it.each(ofLanguage('json').map((block) => [place(block), block] as const))(
    '%s is what it says',
    (_place, block) => {
      const judge = DOCUMENT_CONTRACTS[block.marks[0] ?? ''];
      expect(() => judge?.(JSON.parse(fillIds(block.text)))).not.toThrow();
    },
  );
});

describe('parseBlocks', () => {
  it('finds language, marks, place and text, also within a list', () => {
    const markdown = [
      '# A',
      '',
      '```sh no-test',
      'ls',
      '```',
      '- b',
      '  ```json any',
      '  {',
      '    "a": 1',
      '  }',
      '  ```',
    ];
    expect(parseBlocks('a.md', markdown.join('\n'))).toEqual([
      { document: 'a.md', line: 4, language: 'sh', marks: ['no-test'], text: 'ls' },
      { document: 'a.md', line: 8, language: 'json', marks: ['any'], text: '{\n  "a": 1\n}' },
    ]);
  });

  it('refuses a block that is never closed', () => {
    expect(() => parseBlocks('a.md', 'x\n```sh\nls\n')).toThrow('a.md:2 opens a block that is never closed');
  });
});
