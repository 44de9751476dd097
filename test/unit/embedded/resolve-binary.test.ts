import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BinarySource, BinarySpec, ResolveOptions } from '../../../src/embedded/resolve-binary.ts';
import { resolveBinary } from '../../../src/embedded/resolve-binary.ts';

let folder: string;
let options: ResolveOptions;
let progress: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tablehook-resolve-'));
  progress = [];
  options = {
    path: join(folder, 'bin'),
    cacheDir: join(folder, 'cache'),
    onProgress: (line) => void progress.push(line),
  };
});

afterEach(async () => await rm(folder, { recursive: true, force: true }));

describe('resolveBinary', () => {
  it('uses the binary that was named, whatever is on PATH', async () => {
    await writeProgram('bin/fake', 'fake version 7.0.1');
    const explicitPath = await writeProgram('elsewhere/fake', 'fake version 8.0.1');
    const binary = await resolveBinary(toSpec(), { ...options, explicitPath });
    expect(binary).toEqual({ path: explicitPath, origin: 'environment', version: '8.0.1' });
  });

  it('refuses a named binary that does not run instead of looking further', async () => {
    await writeProgram('bin/fake', 'fake version 7.0.1');
    const explicitPath = join(folder, 'missing');
    await expect(resolveBinary(toSpec(), { ...options, explicitPath })).rejects.toThrow(
      `The fake named by FAKE_PATH cannot be used: ${explicitPath} is not a file that can be executed`,
    );
  });

  it('prefers PATH to the cache', async () => {
    await writeProgram('bin/fake', 'fake version 7.0.1');
    await writeCached('7.0.2');
    expect(await resolveBinary(toSpec(), options)).toMatchObject({ origin: 'path', version: '7.0.1' });
  });

  it('passes over a binary on PATH that is too old', async () => {
    await writeProgram('bin/fake', 'fake version 5.0.1');
    await writeCached('7.0.2');
    expect(await resolveBinary(toSpec(), options)).toMatchObject({ origin: 'cache', version: '7.0.2' });
  });

  it('passes over another program of the same name', async () => {
    await writeProgram('bin/fake', 'something else 9');
    await writeCached('7.0.2');
    expect(await resolveBinary(toSpec(), options)).toMatchObject({ origin: 'cache' });
  });

  it('fetches from the next source when one fails, and from the cache the next time', async () => {
    const spec = toSpec([failing('download'), working('mirror', '6.0.5')]);
    expect(await resolveBinary(spec, options)).toMatchObject({ origin: 'mirror', version: '6.0.5' });
    expect(await resolveBinary(spec, options)).toMatchObject({ origin: 'cache', version: '6.0.5' });
    expect(await leftIn(options.cacheDir)).toEqual([expect.stringMatching(/^fake-6\.0\.5-/)]);
  });

  it('does not keep a fetched binary that does not run here', async () => {
    const broken: BinarySource = {
      ...failing('download'),
      fetch: async (directory) => await writeProgram(join(directory, 'fake'), 'no such library', 127),
    };
    await expect(resolveBinary(toSpec([broken]), options)).rejects.toThrow(
      'ended with code 127: no such library',
    );
    expect(await leftIn(options.cacheDir)).toEqual([]);
  });

  it('names every place tried and the variables that help when nothing works', async () => {
    await writeProgram('bin/fake', 'fake version 5.0.1');
    const failed = resolveBinary(toSpec([failing('download'), failing('mirror')]), options);
    await expect(failed).rejects.toThrow(
      [
        'There is no fake to run. Tried:',
        '  - FAKE_PATH: not set',
        `  - PATH: ${join(folder, 'bin/fake')} is version 5.0.1, 6 or later is needed`,
        `  - cache: no usable fake in ${options.cacheDir}`,
        '  - the download: host not found',
        '  - the mirror: host not found',
        'Set FAKE_ADDRESS to use a running server, or FAKE_PATH to name a binary.',
      ].join('\n'),
    );
  });

  it('fetches once when two look for it at the same time', async () => {
    let fetches = 0;
    const source = working('download', '7.0.2');
    const counting: BinarySource = {
      ...source,
      fetch: async (directory) => {
        fetches += 1;
        return await source.fetch(directory);
      },
    };
    const spec = toSpec([counting]);
    const found = await Promise.all([resolveBinary(spec, options), resolveBinary(spec, options)]);
    expect(found.map(({ origin }) => origin).toSorted()).toEqual(['cache', 'download']);
    expect(fetches).toBe(1);
  });

  it('takes over from a process that died while fetching, and clears what it left', async () => {
    await mkdir(join(options.cacheDir, '.fake-abandoned'), { recursive: true });
    const holder = { pid: process.pid, startedAt: 'some other time' };
    await writeFile(join(options.cacheDir, 'fake.lock'), JSON.stringify(holder));
    const spec = toSpec([working('download', '7.0.2')]);
    expect(await resolveBinary(spec, options)).toMatchObject({ origin: 'download' });
    expect(await leftIn(options.cacheDir)).toHaveLength(1);
    expect(progress).toEqual(['fake: fetching 7.0.2 from the download']);
  });

  it('gives up between two sources when told to', async () => {
    const controller = new AbortController();
    const first: BinarySource = {
      ...failing('download'),
      fetch: async () => {
        controller.abort(new Error('told to'));
        throw new Error('host not found');
      },
    };
    const spec = toSpec([first, working('mirror', '6.0.5')]);
    await expect(resolveBinary(spec, { ...options, signal: controller.signal })).rejects.toThrow('told to');
  });
});

function toSpec(sources: BinarySource[] = [failing('download', '7.0.2')]): BinarySpec {
  return {
    name: 'fake',
    pathVariable: 'FAKE_PATH',
    addressVariable: 'FAKE_ADDRESS',
    minimumMajor: 6,
    parseVersion: (output) => /fake version (\S+)/.exec(output)?.[1] ?? null,
    sources,
  };
}

function failing(origin: BinarySource['origin'], version = '7.0.9'): BinarySource {
  return {
    origin,
    version,
    label: `the ${origin}`,
    fetch: async () => {
      throw new Error('fetch failed', { cause: new Error('host not found') });
    },
  };
}

function working(origin: BinarySource['origin'], version: string): BinarySource {
  const fetch = async (directory: string): Promise<string> =>
    await writeProgram(join(directory, 'fake'), `fake version ${version}`);
  return { ...failing(origin, version), fetch };
}

async function writeCached(version: string): Promise<void> {
  await writeProgram(
    `cache/fake-${version}-${process.platform}-${process.arch}/fake`,
    `fake version ${version}`,
  );
}

async function writeProgram(file: string, output: string, code = 0): Promise<string> {
  const path = file.startsWith('/') ? file : join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${output}"\nexit ${code}\n`);
  await chmod(path, 0o755);
  return path;
}

async function leftIn(directory: string): Promise<string[]> {
  return await readdir(directory);
}
