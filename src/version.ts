import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const PackageJson = z.object({ name: z.literal('tablehook'), version: z.string() });

/** The version in package.json, which lies one folder up in the sources and two up in a build. */
export const version: string = readVersion();

function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    const file = fileURLToPath(new URL(path, import.meta.url));
    if (existsSync(file)) return PackageJson.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
  }
  throw new Error('package.json is not beside the program');
}
