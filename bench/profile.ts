import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CpuProfile } from './profile/call-tree.ts';
import { selfByPart, toCallTree } from './profile/call-tree.ts';
import { drawFlame } from './profile/draw-flame.ts';
import { markdownTable } from './report/markdown-table.ts';

/** Draws the flame graph of a CPU profile that `npm run bench -- --profiles` left, and prints what took how much of it. */
const [input, name, title = name] = process.argv.slice(2);
if (input === undefined || name === undefined || title === undefined) {
  process.stderr.write('usage: npm run bench:profile -- file.cpuprofile name ["title"]\n');
  process.exit(1);
}
// Written by Node's own profiler.
const root = toCallTree(JSON.parse(await readFile(input, 'utf8')) as CpuProfile);
const folder = join('docs', 'performance');
await mkdir(folder, { recursive: true });
const file = join(folder, `flame-${name}.svg`);
await writeFile(file, `${drawFlame(root, title)}\n`);
const rows = selfByPart(root).map(([part, ms]) => [part, `${((100 * ms) / root.totalMs).toFixed(1)} %`]);
process.stdout.write(`${markdownTable(['part', 'of the CPU time'], rows, { textColumns: 1 })}\n`);
process.stderr.write(`${file} is written\n`);
