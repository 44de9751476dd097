import type { BenchProcess, StartProcessOptions } from '../processes/start-process.ts';
import { startProcess } from '../processes/start-process.ts';
import { waitUntil } from '../sleep.ts';

export interface StartServingOptions extends StartProcessOptions {
  /** Where it answers /readyz. */
  url: string;
  signal: AbortSignal;
}

const START_TIMEOUT_MS = 90_000;

/** Starts a process and waits until it says that it is ready. One that ends meanwhile is an error with what it printed. */
export async function startServing(options: StartServingOptions): Promise<BenchProcess> {
  const started = await startProcess(options);
  const { name, url, signal } = options;
  try {
    await waitUntil(
      async () => {
        if (started.hasExited()) throw new Error(`${name} ended:\n${started.lastLines()}`);
        return isReady(url);
      },
      { what: `the start of ${name}`, timeoutMs: START_TIMEOUT_MS, everyMs: 20, signal },
    );
    return started;
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}
