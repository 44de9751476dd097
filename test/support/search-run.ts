import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dumpMongodb } from './dump-mongodb.ts';

/** Signing secrets and API keys look like nothing else, whoever made them. */
const CREDENTIAL = /whsec_[A-Za-z0-9+/]{40,}|thk_[A-Za-z0-9_-]{32,}/;
/** Of the receivers of tests, whose path stands for the credential that it often is. */
const RECEIVER_URL = /127\.0\.0\.1:\d{4,5}\/hook/;
const WINDOW = 64 * 1024 * 1024;
const OVERLAP = 200;

/** Where files under a folder, if there is one, hold a credential or the whole URL of an endpoint. */
export async function searchFiles(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (holds(bytes, CREDENTIAL) || holds(bytes, RECEIVER_URL)) found.push(path);
  }
  return found;
}

/** Which collections of a MongoDB, the oplog among them, hold a credential. */
export async function searchMongodb(uri: string): Promise<string[]> {
  const found = new Set<string>();
  for await (const { where, bytes } of dumpMongodb(uri))
    if (holds(Buffer.from(bytes), CREDENTIAL)) found.add(where);
  return [...found];
}

function holds(bytes: Buffer, pattern: RegExp): boolean {
  for (let start = 0; start < bytes.length; start += WINDOW)
    if (pattern.test(bytes.toString('latin1', start, start + WINDOW + OVERLAP))) return true;
  return false;
}
