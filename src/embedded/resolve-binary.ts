import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import { checkBinary, type BinaryCheck } from './check-binary.ts';
import { executableName, findOnPath, isExecutable } from './find-on-path.ts';
import { reasonOf } from './reason-of.ts';
import { withLock } from './with-lock.ts';

/** A server's binary that was found, or fetched, and runs. */
export interface ResolvedBinary {
  path: string;
  origin: 'environment' | 'path' | 'cache' | 'download' | 'mirror';
  version: string;
}

export interface ResolveOptions {
  /** A binary named by the operator: used or refused, never passed over. */
  explicitPath?: string | undefined;
  /** The PATH to search. */
  path: string;
  cacheDir: string;
  onProgress(line: string): void;
  /** Ends a search that is under way. */
  signal?: AbortSignal | undefined;
}

/** One place a binary is fetched from. `fetch` leaves it in the directory and says where. */
export interface BinarySource {
  origin: 'download' | 'mirror';
  label: string;
  version: string;
  fetch(directory: string): Promise<string>;
}

/** What is looked for, where it is fetched from in order, and which variables an operator can set instead. */
export interface BinarySpec extends BinaryCheck {
  pathVariable: string;
  addressVariable: string;
  sources: BinarySource[];
}

/**
 * Finds a binary: named, on PATH, in the cache, else fetched into the cache from the first source that works. Throws
 * with every place tried and why it did not do. Safe to run in several processes at once.
 */
export async function resolveBinary(spec: BinarySpec, options: ResolveOptions): Promise<ResolvedBinary> {
  if (options.explicitPath !== undefined) return await useNamed(spec, options.explicitPath);
  const tried = [`${spec.pathVariable}: not set`];
  const found =
    (await lookOnPath(spec, options.path, tried)) ?? (await lookInCache(spec, options.cacheDir, tried));
  if (found !== null) return found;
  const lock = {
    file: join(options.cacheDir, `${spec.name}.lock`),
    purpose: `fetching ${spec.name}`,
    onProgress: options.onProgress,
    signal: options.signal,
  };
  try {
    const fetched = await withLock(
      lock,
      async () =>
        (await lookInCache(spec, options.cacheDir, [])) ?? (await fetchIntoCache(spec, options, tried)),
    );
    if (fetched !== null) return fetched;
  } catch (error) {
    options.signal?.throwIfAborted();
    tried.push(`cache: ${reasonOf(error)}`);
  }
  const places = tried.map((line) => `  - ${line}`).join('\n');
  const hint = `Set ${spec.addressVariable} to use a running server, or ${spec.pathVariable} to name a binary.`;
  throw new AppError('unavailable', `There is no ${spec.name} to run. Tried:\n${places}\n${hint}`);
}

async function useNamed(spec: BinarySpec, named: string): Promise<ResolvedBinary> {
  const path = resolve(named);
  try {
    return { path, origin: 'environment', version: await checkBinary(path, spec) };
  } catch (error) {
    const message = `The ${spec.name} named by ${spec.pathVariable} cannot be used: ${reasonOf(error)}`;
    throw new AppError('unavailable', message, { cause: error });
  }
}

async function lookOnPath(
  spec: BinarySpec,
  searched: string,
  tried: string[],
): Promise<ResolvedBinary | null> {
  const path = await findOnPath(spec.name, searched);
  if (path === null) {
    tried.push(`PATH: no ${spec.name} on it`);
    return null;
  }
  try {
    return { path, origin: 'path', version: await checkBinary(path, spec) };
  } catch (error) {
    tried.push(`PATH: ${reasonOf(error)}`);
    return null;
  }
}

async function lookInCache(
  spec: BinarySpec,
  cacheDir: string,
  tried: string[],
): Promise<ResolvedBinary | null> {
  for (const version of new Set(spec.sources.map((source) => source.version))) {
    const path = cachedPath(spec.name, version, cacheDir);
    if (!(await isExecutable(path))) continue;
    try {
      return { path, origin: 'cache', version: await checkBinary(path, spec) };
    } catch (error) {
      tried.push(`cache: ${reasonOf(error)}`);
    }
  }
  tried.push(`cache: no usable ${spec.name} in ${cacheDir}`);
  return null;
}

async function fetchIntoCache(
  spec: BinarySpec,
  options: ResolveOptions,
  tried: string[],
): Promise<ResolvedBinary | null> {
  await removeLeftovers(spec.name, options.cacheDir);
  for (const source of spec.sources) {
    options.signal?.throwIfAborted();
    const directory = await mkdtemp(join(options.cacheDir, `.${spec.name}-`));
    try {
      options.onProgress(`${spec.name}: fetching ${source.version} from ${source.label}`);
      const fetched = await source.fetch(directory);
      await chmod(fetched, 0o755);
      const version = await checkBinary(fetched, spec);
      const path = cachedPath(spec.name, source.version, options.cacheDir);
      await mkdir(dirname(path), { recursive: true });
      await rename(fetched, path);
      return { path, origin: source.origin, version };
    } catch (error) {
      options.signal?.throwIfAborted();
      tried.push(`${source.label}: ${reasonOf(error)}`);
      options.onProgress(`${spec.name}: ${source.label} did not work: ${reasonOf(error)}`);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  return null;
}

/** Half-fetched files of a process that was killed; the lock is held, so nobody is writing them now. */
async function removeLeftovers(name: string, cacheDir: string): Promise<void> {
  const entries = await readdir(cacheDir);
  const leftovers = entries.filter((entry) => entry.startsWith(`.${name}-`));
  await Promise.all(leftovers.map((entry) => rm(join(cacheDir, entry), { recursive: true, force: true })));
}

function cachedPath(name: string, version: string, cacheDir: string): string {
  return join(cacheDir, `${name}-${version}-${process.platform}-${process.arch}`, executableName(name));
}
