import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { AppError } from '../errors.ts';

export interface RunCommandOptions {
  command: string;
  args: string[];
  timeoutMs: number;
  cwd?: string;
  signal?: AbortSignal | undefined;
  /** Gets the time elapsed and the last line printed, every ten seconds, under this label. */
  progress?: { label: string; onProgress(line: string): void };
}

const KEPT_LINES = 8;
const REPORT_EVERY_MS = 10_000;

/** Runs a command to its end and gives its output, both streams. Any failure carries the last lines it printed. */
export async function runCommand(options: RunCommandOptions): Promise<string> {
  const child = spawn(options.command, options.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  const reporter = startReporter(options, lines);
  try {
    const ending = await new Promise<string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) =>
        resolve(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`),
      );
    });
    if (ending === null) return lines.join('\n');
    const last = lines.slice(-KEPT_LINES).join('\n');
    throw new AppError('unavailable', `${options.command} ${ending}: ${last}`.trim());
  } finally {
    clearInterval(reporter);
  }
}

function startReporter(options: RunCommandOptions, lines: string[]): NodeJS.Timeout | undefined {
  const { progress } = options;
  if (progress === undefined) return undefined;
  const startedAt = performance.now();
  return setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    progress.onProgress(`${progress.label}: ${seconds} s, ${lines.at(-1) ?? 'no output yet'}`);
  }, REPORT_EVERY_MS);
}
