import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { HistoryJson } from '../support/temporal.ts';

const FOLDER = new URL('./histories/', import.meta.url);

/** The names of all saved histories. */
export async function savedNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files.map((file) => file.replace(/\.json$/, '')).toSorted();
}

/** A saved history. Throws when there is none of that name. */
export async function readSaved(name: string): Promise<HistoryJson> {
  return JSON.parse(await readFile(new URL(`${name}.json`, FOLDER), 'utf8')) as HistoryJson;
}

/** Saves a history, without what tells of the machine it was recorded on. */
export async function save(name: string, history: HistoryJson): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const scrubbed = JSON.stringify(history, (key, value: unknown) => scrub(key, value), 1);
  await writeFile(new URL(`${name}.json`, FOLDER), `${scrubbed}\n`);
}

function scrub(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (key === 'stackTrace') return '';
  // A worker is called `<process id>@<host name>`, and so is its sticky queue.
  return value.replace(/^\d+@.*/, 'recorder');
}
