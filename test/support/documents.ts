import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * A fenced block of a document. The words of its info string behind the language say what the tests do with it:
 * `no-test` (nothing), `file=name` (it is a whole file, saved under that name), or the name of a contract (of JSON).
 */
export interface CodeBlock {
  document: string;
  /** Of its first line of code, from 1. */
  line: number;
  language: string;
  marks: string[];
  text: string;
}

/** A Markdown file by its path in the checkout. */
export interface Document {
  path: string;
  text: string;
  blocks: CodeBlock[];
}

/** Everything a reader is given: the README, SECURITY.md, `docs/` and the READMEs of the examples. */
export async function readDocuments(): Promise<Document[]> {
  const paths = [
    'README.md',
    'SECURITY.md',
    ...(await findMarkdown('docs')),
    ...(await findMarkdown('examples')),
  ];
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(`${ROOT}${path}`, 'utf8');
      return { path, text, blocks: parseBlocks(path, text) };
    }),
  );
}

/** The document of a path; throws when there is none. */
export async function findDocument(path: string): Promise<Document> {
  const found = (await readDocuments()).find((document) => document.path === path);
  if (!found) throw new Error(`there is no ${path}`);
  return found;
}

/** The fenced blocks of a Markdown text, in order; throws when one is not closed. */
export function parseBlocks(document: string, markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { fence: string; indent: string; block: CodeBlock; lines: string[] } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (open) {
      if (line.trim() === open.fence) {
        open.block.text = open.lines.join('\n');
        blocks.push(open.block);
        open = null;
      } else {
        open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
      }
      continue;
    }
    const [, indent = '', fence, info = ''] = /^( *)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence === undefined) continue;
    const [language = '', ...marks] = info.trim().split(/\s+/);
    open = { fence, indent, lines: [], block: { document, line: index + 2, language, marks, text: '' } };
  }
  if (open) throw new Error(`${document}:${open.block.line - 1} opens a block that is never closed`);
  return blocks;
}

/** The name under which a block is to be saved, or null when it is no program. */
export function fileNameOf({ marks }: CodeBlock): string | null {
  return marks.find((mark) => mark.startsWith('file='))?.slice('file='.length) ?? null;
}

async function findMarkdown(folder: string): Promise<string[]> {
  const entries = await readdir(`${ROOT}${folder}`, { recursive: true });
  const found = entries.filter((entry) => entry.endsWith('.md') && !entry.includes('node_modules'));
  return found.map((entry) => `${folder}/${entry}`).toSorted();
}
