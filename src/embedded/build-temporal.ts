import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../errors.ts';
import { executableName, findOnPath } from './find-on-path.ts';
import { runCommand } from './run-command.ts';

export interface BuildTemporalOptions {
  directory: string;
  path: string;
  version: string;
  onProgress(line: string): void;
  signal?: AbortSignal | undefined;
}

const LONGEST_MS = 30 * 60_000;

/** Builds the CLI with Go from the pinned module beside this file. Go checks every download against its go.sum. */
export async function buildTemporal(options: BuildTemporalOptions): Promise<string> {
  const go = await findOnPath('go', options.path);
  if (go === null) throw new AppError('unavailable', 'go is not on PATH');
  const binary = join(options.directory, executableName('temporal'));
  const stamp = `-X github.com/temporalio/cli/internal/temporalcli.Version=${options.version}`;
  const args = [
    ...['build', '-v', '-mod=readonly', '-trimpath', '-buildvcs=false'],
    ...[`-ldflags=-s -w ${stamp}`, '-o', binary, 'github.com/temporalio/cli/cmd/temporal'],
  ];
  options.onProgress('temporal: building with Go, which takes several minutes the first time');
  await runCommand({
    ...withoutCgo(go, args),
    cwd: findModule(),
    timeoutMs: LONGEST_MS,
    signal: options.signal,
    progress: { label: 'temporal: go build', onProgress: options.onProgress },
  });
  return binary;
}

/** `env` sets the two variables so that the rest of the environment is inherited unread. */
function withoutCgo(go: string, args: string[]): { command: string; args: string[] } {
  if (process.platform === 'win32') return { command: go, args };
  return { command: 'env', args: ['CGO_ENABLED=0', 'GOWORK=off', go, ...args] };
}

/** The module is not compiled: a build in dist/ finds it in the sources beside dist/. */
function findModule(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = ['temporal-cli', '../../../src/embedded/temporal-cli'].map((path) => join(here, path));
  const found = candidates.find((folder) => existsSync(join(folder, 'go.mod')));
  if (found === undefined)
    throw new AppError('unavailable', `its Go module is not at ${candidates.join(' or ')}`);
  return found;
}
