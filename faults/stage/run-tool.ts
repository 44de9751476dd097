import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 30_000;

/** Runs a tool of the system. Rejects with what it printed unless it ends with 0. */
export async function runTool(command: string, ...args: string[]): Promise<void> {
  await run(command, args, { timeout: TIMEOUT_MS });
}
