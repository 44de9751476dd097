import { describe, expect, it } from 'vitest';
import { launchServer, retryOnPortClash } from '../../../src/embedded/launch-server.ts';

describe('launchServer', () => {
  it('says what a server printed that ended before it was ready', async () => {
    const launched = launchServer({
      ...script('console.error("no space left"); process.exit(7)'),
      ready: async (_server, signal) => await new Promise((resolve) => onAbort(signal, () => resolve(false))),
    });
    await expect(launched).rejects.toThrow(
      'fake did not start (ended with code 7). It printed:\n  no space left',
    );
  });

  it('stops a server that does not get ready', async () => {
    let pid = 0;
    const launched = launchServer({
      ...script('setInterval(() => {}, 1000)'),
      ready: async (server) => {
        pid = server.pid;
        return false;
      },
    });
    await expect(launched).rejects.toThrow('fake did not start (not ready in time).');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('stops a server whose start is given up', async () => {
    const controller = new AbortController();
    const launched = launchServer({
      ...script('setInterval(() => {}, 1000)'),
      signal: controller.signal,
      ready: async (_server, signal) => {
        const aborted = new Promise<boolean>((resolve) => onAbort(signal, () => resolve(false)));
        controller.abort(new Error('given up'));
        return await aborted;
      },
    });
    await expect(launched).rejects.toThrow('given up');
  });
});

describe('retryOnPortClash', () => {
  const clash = new Error('listen tcp 127.0.0.1:1: bind: address already in use');

  it('starts again when a port picked by us was taken in between', async () => {
    let attempts = 0;
    const start = async (): Promise<string> => {
      attempts += 1;
      if (attempts < 3) throw clash;
      return 'started';
    };
    expect(await retryOnPortClash(false, start)).toBe('started');
  });

  it('does not start again on a port that was asked for, nor after any other failure', async () => {
    let attempts = 0;
    const start = async (error: Error): Promise<never> => {
      attempts += 1;
      throw error;
    };
    await expect(retryOnPortClash(true, async () => await start(clash))).rejects.toBe(clash);
    await expect(retryOnPortClash(false, async () => await start(new Error('other')))).rejects.toThrow(
      'other',
    );
    expect(attempts).toBe(2);
  });
});

function script(code: string): { name: string; binary: string; args: string[]; claim: null } {
  return { name: 'fake', binary: process.execPath, args: ['-e', code], claim: null };
}

function onAbort(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
}
