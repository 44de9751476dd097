import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { waitUntil } from '../../bench/sleep.ts';
import type { Database } from './database.ts';
import { runTool } from './run-tool.ts';
import { openSingleDatabase } from './single-database.ts';

const DISK_BYTES = 700 * 1024 * 1024;

/** Starts one mongod on a small file system of its own, in a file on a loop device. Needs root. */
export async function openSmallDisk(options: { binary: string; folder: string }): Promise<Database> {
  const { binary, folder } = options;
  const mount = await mountDisk(folder);
  try {
    const database = await openSingleDatabase({ binary, folder, dataDir: join(mount.path, 'mongodb') });
    return {
      ...database,
      fillDisk: async () => {
        const makeRoom = await fill(mount.path);
        await awaitFailure(database);
        return makeRoom;
      },
      close: async () => {
        await database.close();
        await mount.release();
      },
    };
  } catch (error) {
    await mount.release();
    throw error;
  }
}

/** Why no disk of its own can be had; null when it can. */
export async function whyNoSmallDisk(): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'tablehook-disk-'));
  try {
    await (await mountDisk(folder)).release();
    return null;
  } catch (error) {
    return `no file system can be mounted here: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function mountDisk(folder: string): Promise<{ path: string; release: () => Promise<void> }> {
  const image = join(folder, 'disk.img');
  const path = join(folder, 'disk');
  await writeFile(image, '');
  await truncate(image, DISK_BYTES);
  await mkdir(path, { recursive: true });
  await runTool('mkfs.ext4', '-q', '-m', '0', image);
  await runTool('mount', '-o', 'loop', image, path);
  const unmountWithUs = (): void => void spawnSync('umount', ['-l', path]);
  process.once('exit', unmountWithUs);
  return {
    path,
    release: async () => {
      process.off('exit', unmountWithUs);
      await runTool('umount', path);
      await rm(image, { force: true });
    },
  };
}

/**
 * Asks for checkpoints, which come once a minute by themselves and need room, until one fails or mongod has ended: only then
 * is the disk full for MongoDB, whose journal has room set aside.
 */
async function awaitFailure({ uri, nodes: [node] }: Database): Promise<void> {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 2_000, socketTimeoutMS: 10_000 });
  try {
    await waitUntil(async () => node.pid() === null || !(await checkpoint(client)), {
      what: 'a write that fails for want of room',
      timeoutMs: 60_000,
      everyMs: 500,
    });
  } finally {
    await client.close();
  }
}

async function checkpoint(client: mongo.MongoClient): Promise<boolean> {
  return client
    .db('admin')
    .command({ fsync: 1 })
    .then(
      () => true,
      () => false,
    );
}

/** Takes what is free, down to the last block: first in one piece, then what was given back meanwhile. */
async function fill(path: string): Promise<() => Promise<void>> {
  const ballast = join(path, 'ballast');
  const file = await open(ballast, 'a');
  const take = async () => {
    const { bavail, bsize } = await statfs(path);
    const bytes = Buffer.alloc(1024 * 1024);
    for (let left = bavail * bsize; left > 0; left -= bytes.length) await file.write(bytes);
  };
  const keepFull = async (): Promise<void> => {
    await take().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOSPC') throw error;
    });
  };
  await keepFull();
  const timer = setInterval(() => void keepFull().catch(() => undefined), 250);
  return async () => {
    clearInterval(timer);
    await file.close();
    await rm(ballast, { force: true });
  };
}
