import { cpus, release, totalmem } from 'node:os';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { Machine } from '../result.ts';
import type { ServerVersions } from '../systems/servers.ts';

const run = promisify(execFile);

/** What figures were taken on. */
export async function describeMachine({ mongod, temporal }: ServerVersions): Promise<Machine> {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    mongod,
    temporal,
    temporalSdk: await versionOf('@temporalio/client'),
  };
}

/** The commit that is measured, and whether the working tree differs from it. */
export async function describeCommit(): Promise<{ commit: string; dirty: boolean }> {
  try {
    const [{ stdout: commit }, { stdout: status }] = await Promise.all([
      run('git', ['rev-parse', 'HEAD']),
      run('git', ['status', '--porcelain', '--untracked-files=no']),
    ]);
    return { commit: commit.trim(), dirty: status.trim() !== '' };
  } catch {
    return { commit: 'unknown', dirty: true };
  }
}

async function versionOf(name: string): Promise<string> {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
  return version;
}
