import { randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';

/** Creates a file together with its content, for lock files: false when it exists already. */
export async function createExclusive(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content);
  try {
    // A link appears with its content, so no other process ever reads a half-written lock.
    await link(draft, file);
    return true;
  } catch (error) {
    if (isExisting(error)) return false;
    return await createPlain(file, content);
  } finally {
    await rm(draft, { force: true });
  }
}

async function createPlain(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isExisting(error)) return false;
    throw error;
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
