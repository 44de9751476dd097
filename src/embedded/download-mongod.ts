import type { RequestOptions } from 'node:https';
import { DryMongoBinary } from 'mongodb-memory-server-core/lib/util/DryMongoBinary.js';
import { MongoBinaryDownload } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownload.js';
import type { MongoBinaryOpts } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';
import { createPercentReporter } from './download-file.ts';

export interface DownloadMongodOptions {
  directory: string;
  version: string;
  onProgress(line: string): void;
}

const SILENCE_MS = 8000;

/** Downloads MongoDB's own archive for this system, checks it against the vendor's MD5 and unpacks mongod from it. */
export async function downloadMongod(options: DownloadMongodOptions): Promise<string> {
  const system = await DryMongoBinary.generateOptions({ version: options.version });
  const binary = { ...system, downloadDir: options.directory, checkMD5: true };
  return await new ReportingDownload(binary, options).getMongodPath();
}

/** The library's download, reporting to us instead of the console and giving up on a silent host at once. */
class ReportingDownload extends MongoBinaryDownload {
  readonly #report: (done: number, total: number) => void;

  constructor(binary: MongoBinaryOpts, options: DownloadMongodOptions) {
    super(binary);
    this.#report = createPercentReporter(`mongod ${options.version}`, options.onProgress);
  }

  override async httpDownload(
    url: URL,
    request: RequestOptions,
    file: string,
    draft: string,
  ): Promise<string> {
    return await super.httpDownload(url, request, file, draft, 1, 0, SILENCE_MS);
  }

  override printDownloadProgress(chunk: { length: number }): void {
    this.dlProgress.current += chunk.length;
    this.#report(this.dlProgress.current, this.dlProgress.length);
  }
}
