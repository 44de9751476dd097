import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { downloadFile } from './download-file.ts';
import { executableName } from './find-on-path.ts';
import { reasonOf } from './reason-of.ts';
import { runCommand } from './run-command.ts';

export interface DownloadTemporalOptions {
  directory: string;
  version: string;
  onProgress(line: string): void;
  signal?: AbortSignal | undefined;
}

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};
const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Downloads the vendor's build of the CLI, checks it against the release's checksums where they are to be had, unpacks it. */
export async function downloadTemporal(options: DownloadTemporalOptions): Promise<string> {
  const { directory, version, onProgress, signal } = options;
  const [platform, arch] = [PLATFORMS[process.platform], ARCHITECTURES[process.arch]];
  if (platform === undefined || arch === undefined) {
    throw new AppError('unavailable', `there is no build for ${process.platform} ${process.arch}`);
  }
  const archive = join(directory, 'archive');
  const url = `https://temporal.download/cli/archive/v${version}?platform=${platform}&arch=${arch}`;
  const actual = await downloadFile({ url, file: archive, label: `temporal ${version}`, onProgress, signal });
  const extension = platform === 'windows' ? 'zip' : 'tar.gz';
  const expected = await publishedChecksum(
    version,
    `temporal_cli_${version}_${platform}_${arch}.${extension}`,
    onProgress,
  );
  if (expected !== null && expected !== actual) {
    throw new AppError('unavailable', `the archive has SHA-256 ${actual} instead of ${expected}`);
  }
  // Every tar in use unpacks .tar.gz by itself, and that of Windows unpacks .zip too.
  await runCommand({ command: 'tar', args: ['-xf', archive, '-C', directory], timeoutMs: 120_000 });
  return join(directory, executableName('temporal'));
}

async function publishedChecksum(
  version: string,
  archive: string,
  onProgress: (line: string) => void,
): Promise<string | null> {
  try {
    const url = `https://github.com/temporalio/cli/releases/download/v${version}/checksums.txt`;
    const response = await fetch(url, { signal: AbortSignal.timeout(8000) });
    if (!response.ok) throw new AppError('unavailable', `github.com answered ${response.status}`);
    const line = (await response.text()).split('\n').find((entry) => entry.trim().endsWith(archive));
    return line?.trim().split(/\s+/)[0] ?? null;
  } catch (error) {
    onProgress(`temporal: no published checksum to compare with (${reasonOf(error)}), relying on TLS`);
    return null;
  }
}
