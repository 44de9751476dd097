import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../errors.ts';

export interface DownloadFileOptions {
  url: string;
  file: string;
  label: string;
  onProgress(line: string): void;
  /** How long the host may take to answer. */
  answerTimeoutMs?: number;
  /** How long it may send nothing once it answered. */
  silenceTimeoutMs?: number;
  signal?: AbortSignal | undefined;
}

const REPORT_EVERY_MS = 3000;

/** Downloads a file and gives its SHA-256 in hex. A host that does not answer, or falls silent, fails soon. */
export async function downloadFile(options: DownloadFileOptions): Promise<string> {
  const { answerTimeoutMs = 8000, silenceTimeoutMs = 30_000 } = options;
  const { host } = new URL(options.url);
  const controller = new AbortController();
  const giveUp = (ms: number): NodeJS.Timeout =>
    setTimeout(() => controller.abort(new AppError('unavailable', `${host} sent nothing for ${ms} ms`)), ms);
  let timer = giveUp(answerTimeoutMs);
  try {
    const signal = AbortSignal.any([controller.signal, ...(options.signal ? [options.signal] : [])]);
    const response = await fetch(options.url, { signal });
    if (!response.ok || response.body === null) {
      throw new AppError('unavailable', `${host} answered ${response.status} for ${options.url}`);
    }
    const report = createPercentReporter(options.label, options.onProgress);
    const total = Number(response.headers.get('content-length') ?? 0);
    const hash = createHash('sha256');
    let done = 0;
    const observe = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        clearTimeout(timer);
        timer = giveUp(silenceTimeoutMs);
        hash.update(chunk);
        done += chunk.length;
        report(done, total);
        yield chunk;
      }
    };
    await pipeline(Readable.fromWeb(response.body), observe, createWriteStream(options.file));
    return hash.digest('hex');
  } finally {
    clearTimeout(timer);
  }
}

/** Turns byte counts into a progress line every few seconds. */
export function createPercentReporter(
  label: string,
  onProgress: (line: string) => void,
): (done: number, total: number) => void {
  let reportedAt = performance.now();
  return (done, total) => {
    if (performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    const megabytes = `${(done / 1e6).toFixed(0)} MB`;
    onProgress(`${label}: ${total > 0 ? `${Math.floor((100 * done) / total)} %, ` : ''}${megabytes}`);
  };
}
