import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDocumentControl } from './document-control.ts';
import type { CodeBlock, Document } from './documents.ts';
import { fileNameOf, ROOT } from './documents.ts';
import { startReceiver } from './receiver.ts';
import type { Tablehook } from './tablehook.ts';

/** A document whose shell blocks were run to their end; the programs it started in the background still run. */
export interface RanDocument {
  /** Where it was run; its programs are there. */
  folder: string;
  /** All that was printed, on both streams. */
  output: () => string;
  /** A variable as the document set it. */
  variable: (name: string) => string;
  /** A text of the document with the ports that stand for its ports here. */
  fill: (text: string) => string;
  /** Ends what it started, and starts one program anew, in the same folder, once that listens. */
  restart: (command: string[], env: Record<string, string>) => Promise<void>;
  stop: () => Promise<void>;
}

/** Before and behind the list of the shell's variables. */
const VARIABLES = '--- variables';
/** Ports that documents use for endpoints. Here each is a free one. */
const PORT = /\b400\d\b/g;
const RUN_MS = 150_000;

/**
 * `th` is the README's, but fails where the API refuses; `sleep` waits for what the reader waits for: programs in the
 * background that listen, and deliveries that were attempted.
 */
const PRELUDE = `
set -euo pipefail
th() {
  local reply status
  reply=$(curl -sS -w '\\n%{http_code}' -H "Authorization: Bearer $TABLEHOOK_API_KEY" -H 'Content-Type: application/json' "$TABLEHOOK_URL$@")
  status=\${reply##*$'\\n'}
  printf '%s\\n' "\${reply%$'\\n'*}"
  if [ "$status" -ge 400 ]; then echo "th $*: $status \${reply%$'\\n'*}" >&2; return 22; fi
}
id() { sed -E 's/^\\{"id":"([^"]+)".*/\\1/'; }
sleep() { curl -sSf --max-time 90 "$CONTROL_URL/?programs=$(jobs -r | wc -l)"; }
`;

/**
 * Runs the `sh` blocks of a document in order, in one bash, in a folder that holds its programs, against a Tablehook.
 * Rejects with all that was printed when a command ends with an error or the API refuses a call.
 */
export async function runDocument(tablehook: Tablehook, document: Document): Promise<RanDocument> {
  const folder = await mkdtemp(join(tmpdir(), 'tablehook-document-'));
  const ports = await standIns(document.blocks);
  const fill = (text: string) =>
    text
      .replaceAll(PORT, (written) => String(ports.get(written) ?? written))
      .replaceAll('http://127.0.0.1:3000', tablehook.url)
      .replaceAll('thk_…', tablehook.apiKey);
  await savePrograms(folder, document.blocks, fill);
  const control = await startDocumentControl(tablehook, [...ports.values()]);
  const env = {
    TABLEHOOK_URL: tablehook.url,
    TABLEHOOK_API_KEY: tablehook.apiKey,
    CONTROL_URL: control.url,
  };
  // From a file: among the variables of `bash -c` is its whole script.
  await writeFile(join(folder, '.document.sh'), toScript(document.blocks, fill));
  const shell = start(['bash', '.document.sh'], { folder, env });
  const groups = [shell];
  const stop = async () => {
    for (const { child } of groups) killGroup(child);
    await control.close();
    await rm(folder, { recursive: true, force: true });
  };
  const timer = setTimeout(() => killGroup(shell.child), RUN_MS);
  const [code] = (await once(shell.child, 'exit')) as [number | null];
  clearTimeout(timer);
  if (code !== 0) {
    await stop();
    throw new Error(`${document.path} ended with ${code ?? 'a signal'}; it printed:\n${shell.output()}`);
  }
  const restart = async (command: string[], variables: Record<string, string>) => {
    for (const { child } of groups) killGroup(child);
    await control.listening(0);
    groups.push(start(command, { folder, env: variables }));
    await control.listening(1);
  };
  return { ...readOutput(document.path, groups), folder, fill, restart, stop };
}

/** The `sh` blocks that are run. */
export function runnable(blocks: CodeBlock[]): CodeBlock[] {
  return blocks.filter(({ language, marks }) => language === 'sh' && !marks.includes('no-test'));
}

interface Started {
  child: ChildProcess;
  output: () => string;
}

/** In a process group of its own, so that what it starts in the background can be ended with it. */
function start([program = '', ...rest]: string[], { folder, env }: { folder: string; env: object }): Started {
  const { PATH } = process.env;
  const child = spawn(program, rest, {
    cwd: folder,
    env: { PATH, HOME: folder, PYTHONUNBUFFERED: '1', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  }
  return { child, output: () => printed };
}

function readOutput(path: string, groups: Started[]): Pick<RanDocument, 'output' | 'variable'> {
  const list = new RegExp(`^${VARIABLES}\n([^]*?)^${VARIABLES}\n`, 'm');
  const all = () => groups.map(({ output }) => output()).join('');
  return {
    output: () => all().replace(list, ''),
    variable: (name) => {
      const [, variables = ''] = list.exec(all()) ?? [];
      const [, value] = new RegExp(`^${name}='?([^'\n]*)`, 'm').exec(variables) ?? [];
      if (value === undefined) throw new Error(`${path} sets no ${name}`);
      return value;
    },
  };
}

function toScript(blocks: CodeBlock[], fill: (text: string) => string): string {
  const steps = runnable(blocks).map(({ document, line, text }) => {
    // What the reader sets and defines once is set and defined above.
    const commands = text
      .replaceAll(/^(export TABLEHOOK_URL=|th\(\) |id\(\) ).*$/gm, '')
      // Nobody types as fast as a shell reads: what was put into the background listens before the next command.
      .replaceAll(/ &$/gm, ' &\nsleep 1');
    return `echo '--- ${document}:${line}'\n${fill(commands)}`;
  });
  return [PRELUDE, ...steps, `echo '${VARIABLES}'; set -o posix; set; echo '${VARIABLES}'`].join('\n');
}

async function savePrograms(
  folder: string,
  blocks: CodeBlock[],
  fill: (text: string) => string,
): Promise<void> {
  // `import … from 'tablehook/receiver'` finds this checkout, as it would an installed package.
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules', 'tablehook'));
  for (const block of blocks) {
    const name = fileNameOf(block);
    if (name !== null) await writeFile(join(folder, name), `${fill(block.text)}\n`);
  }
}

async function standIns(blocks: CodeBlock[]): Promise<Map<string, number>> {
  const written = [...new Set(blocks.flatMap(({ text }) => text.match(PORT) ?? []))];
  const receivers = await Promise.all(written.map(async () => startReceiver()));
  await Promise.all(receivers.map(async ({ close }) => close()));
  return new Map(receivers.map(({ url }, index) => [written[index] ?? '', Number(new URL(url).port)]));
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it runs any more.
  }
}
