import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DownloadFileOptions } from '../../../src/embedded/download-file.ts';
import { downloadFile } from '../../../src/embedded/download-file.ts';

let folder: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tablehook-download-'));
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('downloadFile', () => {
  it('writes the file and gives its SHA-256', async () => {
    const content = Buffer.alloc(300_000, 'tablehook');
    const options = await serve((_request, response) => response.end(content));
    const sha256 = await downloadFile(options);
    expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
    expect(await readFile(options.file)).toEqual(content);
  });

  it('fails when the host answers anything but success', async () => {
    const options = await serve((_request, response) => response.writeHead(403).end());
    await expect(downloadFile(options)).rejects.toThrow(/answered 403/);
  });

  it('gives up on a host that accepts and does not answer', async () => {
    const options = await serve(() => {});
    await expect(downloadFile({ ...options, answerTimeoutMs: 50 })).rejects.toThrow('sent nothing for 50 ms');
  });

  it('gives up on a host that falls silent half-way', async () => {
    const options = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the first part');
    });
    await expect(downloadFile({ ...options, silenceTimeoutMs: 50 })).rejects.toThrow(
      'sent nothing for 50 ms',
    );
  });

  it('fails when the connection breaks before the end', async () => {
    const options = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the first part', () => response.destroy());
    });
    await expect(downloadFile(options)).rejects.toThrow();
  });
});

async function serve(listener: RequestListener): Promise<DownloadFileOptions> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const url = `http://127.0.0.1:${address.port}/archive`;
  return { url, file: join(folder, 'archive'), label: 'fake', onProgress: () => {} };
}
