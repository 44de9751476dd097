import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeOverload } from './overload/describe.ts';
import type { OverloadFile } from './overload/result.ts';
import { drawPlot } from './report/plot.ts';
import { toPlots } from './report/plots.ts';
import { splice } from './report/splice.ts';
import { writeUp } from './report/write-up.ts';
import type { BenchFile } from './result.ts';

/** Writes the figures of bench or bench:overload into docs/performance.md, between its markers, and its plots beside it. */
const [input, document = join('docs', 'performance.md')] = process.argv.slice(2);
if (input === undefined) {
  process.stderr.write('usage: npm run bench:report -- file.json [document.md]\n');
  process.exit(1);
}
// Written by the benches of this repository; another version would say so.
const file = JSON.parse(await readFile(input, 'utf8')) as BenchFile | OverloadFile;
if (file.version !== 1) throw new Error(`${input} is of version ${String(file.version)}, not 1`);
await ('kind' in file ? reportOverload(file) : reportBench(file));

async function reportOverload(overload: OverloadFile): Promise<void> {
  const report = describeOverload(overload);
  await writeFile(document, splice(await readFile(document, 'utf8'), report, 'overload'));
  process.stderr.write(`${document} is written\n`);
}

async function reportBench(bench: BenchFile): Promise<void> {
  const folder = document.replace(/\.md$/, '');
  const folderName = folder.split(/[\\/]/).at(-1) ?? '';
  await mkdir(folder, { recursive: true });
  const plots = toPlots(bench.runs);
  for (const plot of plots) await writeFile(join(folder, plot.file), `${drawPlot(plot)}\n`);
  const report = writeUp(
    bench,
    plots.map(({ title, file: name }) => ({ title, path: `${folderName}/${name}` })),
  );
  await writeFile(document, splice(await readFile(document, 'utf8'), report));
  process.stderr.write(`${document} and ${plots.length} plots are written\n`);
}
