import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { RunServerOptions } from '../../../src/embedded/run-server.ts';
import { runServer } from '../../../src/embedded/run-server.ts';

describe('runServer', () => {
  it('keeps the last lines of a server that ends by itself', async () => {
    const server = await runServer(
      script('for (let n = 1; n <= 25; n += 1) console.log(n); process.exit(3)'),
    );
    const { code, signal, lastLines } = await server.exited;
    expect({ code, signal }).toEqual({ code: 3, signal: null });
    expect(lastLines).toHaveLength(20);
    expect(lastLines.at(-1)).toBe('25');
  });

  it('keeps the lines worth reading only, and hands all of them on', async () => {
    const lines: string[] = [];
    const server = await runServer({
      ...script('console.log("fine"); console.error("bad"); process.exit(1)'),
      isNotable: (line) => line === 'bad',
      onLog: (line) => void lines.push(line),
    });
    expect((await server.exited).lastLines).toEqual(['bad']);
    expect(lines.toSorted()).toEqual(['bad', 'fine']);
  });

  it('stops a server that ends when asked', async () => {
    const { server } = await startTalking('process.on("SIGTERM", () => process.exit(0));');
    await server.stop();
    expect(await server.exited).toMatchObject({ code: 0, signal: null });
  });

  it('kills a server that does not end when asked', async () => {
    const { server } = await startTalking('process.on("SIGTERM", () => {});', 50);
    await server.stop();
    expect(await server.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('rejects when there is no such binary', async () => {
    await expect(runServer({ binary: '/no/such/binary', args: [] })).rejects.toThrow('ENOENT');
  });
});

function script(code: string): RunServerOptions {
  return { binary: process.execPath, args: ['-e', code] };
}

/** Resolves once the script has run, so that its signal handlers are in place. */
async function startTalking(
  code: string,
  stopTimeoutMs = 10_000,
): Promise<{ server: Awaited<ReturnType<typeof runServer>> }> {
  const ready = new EventTarget();
  const spoken = once(ready, 'spoken');
  const server = await runServer({
    ...script(`${code} setInterval(() => {}, 1000); console.log('ready');`),
    stopTimeoutMs,
    onLog: () => void ready.dispatchEvent(new Event('spoken')),
  });
  await spoken;
  return { server };
}
