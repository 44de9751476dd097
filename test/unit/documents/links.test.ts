import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Document } from '../../support/documents.ts';
import { readDocuments, ROOT } from '../../support/documents.ts';

const documents = await readDocuments();

/** The anchors that GitHub gives a document's headings. */
function anchorsOf({ text }: Document): string[] {
  const headings = text.matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('links of the documents', () => {
  it.each(documents)('$path: each leads to a file and a heading that are there', ({ path, text }) => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(`${ROOT}${target}`)) return true;
      const document = documents.find((found) => found.path === target);
      return anchor !== undefined && document !== undefined && !anchorsOf(document).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
