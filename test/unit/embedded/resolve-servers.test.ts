import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResolveOptions } from '../../../src/embedded/resolve-binary.ts';
import { resolveMongod } from '../../../src/embedded/resolve-mongod.ts';
import { resolveTemporal } from '../../../src/embedded/resolve-temporal.ts';

let folder: string;
let options: ResolveOptions;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tablehook-resolve-'));
  options = { path: join(folder, 'bin'), cacheDir: join(folder, 'cache'), onProgress: () => {} };
  await mkdir(options.path);
});

afterAll(async () => await rm(folder, { recursive: true, force: true }));

describe('resolveMongod', () => {
  it('reads the version of the mongod on PATH', async () => {
    const path = await writeProgram('mongod', 'db version v6.0.5\nBuild Info: {}');
    expect(await resolveMongod(options)).toEqual({ path, origin: 'path', version: '6.0.5' });
  });

  it('refuses a named mongod older than 6', async () => {
    const explicitPath = await writeProgram('old-mongod', 'db version v4.4.29');
    await expect(resolveMongod({ ...options, explicitPath })).rejects.toThrow(
      /named by MONGOD_PATH .* version 4\.4\.29, 6 or later is needed/,
    );
  });
});

describe('resolveTemporal', () => {
  it('reads the versions of the CLI on PATH and of the server in it', async () => {
    const path = await writeProgram('temporal', 'temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)');
    expect(await resolveTemporal(options)).toEqual({
      path,
      origin: 'path',
      version: '1.8.2 (server 1.31.2)',
    });
  });

  it('refuses a named program that is not the Temporal CLI', async () => {
    const explicitPath = await writeProgram('other', 'temporal database 3');
    await expect(resolveTemporal({ ...options, explicitPath })).rejects.toThrow(
      /named by TEMPORAL_CLI_PATH .* is not temporal/,
    );
  });
});

async function writeProgram(name: string, output: string): Promise<string> {
  const path = join(options.path, name);
  await writeFile(path, `#!/bin/sh\necho "${output}"\n`);
  await chmod(path, 0o755);
  return path;
}
