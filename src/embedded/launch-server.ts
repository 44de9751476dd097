import { AppError } from '../errors.ts';
import type { DataDirClaim } from './claim-data-dir.ts';
import { runServer, type RunningServer, type RunServerOptions, type ServerExit } from './run-server.ts';

export interface LaunchOptions extends RunServerOptions {
  name: string;
  claim: DataDirClaim | null;
  /** Resolves true once the server can be used, false when it took too long or the signal fired. */
  ready(server: RunningServer, signal: AbortSignal): Promise<boolean>;
  signal?: AbortSignal | undefined;
}

const ATTEMPTS = 3;

/** Runs a server until it can be used. One that ends or does not get ready is stopped, and the error says what it printed. */
export async function launchServer(options: LaunchOptions): Promise<RunningServer> {
  const server = await runServer(options);
  const ended = new AbortController();
  const exited = server.exited.then(() => {
    ended.abort();
    return 'ended' as const;
  });
  const signal = AbortSignal.any([ended.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    await options.claim?.record(server.pid);
    const outcome = await Promise.race([options.ready(server, signal), exited]);
    if (outcome === true) return server;
    await server.stop();
    options.signal?.throwIfAborted();
    throw new AppError('unavailable', toMessage(options.name, outcome === 'ended', await server.exited));
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Starts again on another port when a port that was free a moment ago is taken. A port that was asked for is not changed. */
export async function retryOnPortClash<T>(isFixed: boolean, start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      const isClash = error instanceof Error && /address already in use/i.test(error.message);
      if (isFixed || !isClash || attempt === ATTEMPTS) throw error;
    }
  }
}

function toMessage(name: string, hasEnded: boolean, exit: ServerExit): string {
  const how = hasEnded ? `ended with ${exit.signal ?? `code ${exit.code}`}` : 'not ready in time';
  const lines = exit.lastLines.map((line) => `  ${line}`).join('\n');
  return `${name} did not start (${how}).${lines === '' ? '' : ` It printed:\n${lines}`}`;
}
