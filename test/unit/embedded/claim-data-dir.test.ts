import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDir } from '../../../src/embedded/claim-data-dir.ts';
import type { ProcessIdentity } from '../../../src/embedded/process-identity.ts';
import { identifyProcess } from '../../../src/embedded/process-identity.ts';

const DEAD: ProcessIdentity = { pid: process.pid, startedAt: 'some other time' };

let dataDir: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tablehook-claim-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

describe('claimDataDir', () => {
  it('refuses a folder that a live process has claimed, until it is released', async () => {
    const claim = await claimDataDir({ dataDir, name: 'mongod' });
    await expect(claimDataDir({ dataDir, name: 'mongod' })).rejects.toThrow(
      `Process ${process.pid} already runs mongod on ${dataDir}`,
    );
    await claim.release();
    await (await claimDataDir({ dataDir, name: 'mongod' })).release();
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('makes folders that nobody else on the machine can open, the one around it too', async () => {
    const claim = await claimDataDir({ dataDir: join(dataDir, 'data', 'mongodb'), name: 'mongod' });
    await claim.release();
    for (const folder of ['data', join('data', 'mongodb')]) {
      expect((await stat(join(dataDir, folder))).mode & 0o777).toBe(0o700);
    }
  });

  it('refuses a folder whose server runs for a live process', async () => {
    const claim = await claimDataDir({ dataDir, name: 'mongod' });
    await claim.record((await startServer(dataDir)).pid);
    await expect(claimDataDir({ dataDir, name: 'mongod' })).rejects.toThrow('already runs mongod');
  });

  it('stops the server that a killed process left behind, and says so', async () => {
    const server = await startServer(dataDir);
    await writeClaim({ owner: DEAD, server });
    const progress: string[] = [];
    await claimDataDir({ dataDir, name: 'mongod', onProgress: (line) => void progress.push(line) });
    expect(await identifyProcess(server.pid)).toBeNull();
    expect(progress).toEqual([
      `mongod: stopping process ${server.pid}, left behind on ${dataDir} by process ${DEAD.pid}`,
    ]);
  });

  it('leaves alone a process that merely got the pid of a server that is gone', async () => {
    const other = await startServer('/another/folder');
    await writeClaim({ owner: DEAD, server: { ...other, startedAt: 'some other time' } });
    await claimDataDir({ dataDir, name: 'mongod' });
    expect(await identifyProcess(other.pid)).not.toBeNull();
  });

  it('leaves alone a process that serves another folder', async () => {
    const other = await startServer('/another/folder');
    await writeClaim({ owner: DEAD, server: other });
    await claimDataDir({ dataDir, name: 'mongod' });
    expect(await identifyProcess(other.pid)).not.toBeNull();
  });

  it('takes a folder whose claim cannot be read', async () => {
    await writeFile(join(dataDir, 'server.json'), '{"own');
    await expect(claimDataDir({ dataDir, name: 'mongod' })).resolves.toBeDefined();
  });

  it('gives way when its claim was replaced before the server was recorded', async () => {
    const claim = await claimDataDir({ dataDir, name: 'mongod' });
    await writeClaim({ owner: DEAD, server: null });
    await expect(claim.record(process.pid)).rejects.toThrow('taken over');
  });
});

async function startServer(folder: string): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', folder], { stdio: 'ignore' });
  started.push(child);
  await once(child, 'spawn');
  const found = await identifyProcess(child.pid ?? 0);
  if (found === null) throw new Error('The process is already gone.');
  return { pid: found.pid, startedAt: found.startedAt };
}

async function writeClaim(claim: { owner: ProcessIdentity; server: ProcessIdentity | null }): Promise<void> {
  await writeFile(join(dataDir, 'server.json'), JSON.stringify(claim));
}
