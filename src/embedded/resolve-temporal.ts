import { buildTemporal } from './build-temporal.ts';
import { downloadTemporal } from './download-temporal.ts';
import {
  resolveBinary,
  type BinarySpec,
  type ResolvedBinary,
  type ResolveOptions,
} from './resolve-binary.ts';

/** The CLI that is fetched; the Go module in temporal-cli/ requires the same one. */
const CLI_VERSION = '1.8.2';

/** Finds or fetches the Temporal CLI: named, on PATH, cached, the vendor's download, built by Go from its modules. */
export async function resolveTemporal(options: ResolveOptions): Promise<ResolvedBinary> {
  return await resolveBinary(temporalSpec(options), options);
}

function temporalSpec(options: ResolveOptions): BinarySpec {
  const { path, onProgress, signal } = options;
  return {
    name: 'temporal',
    pathVariable: 'TEMPORAL_CLI_PATH',
    addressVariable: 'TEMPORAL_ADDRESS',
    // A CLI built by hand calls itself 0.0.0-DEV, so its version says nothing about its age.
    minimumMajor: 0,
    parseVersion,
    sources: [
      {
        origin: 'download',
        label: "Temporal's download",
        version: CLI_VERSION,
        fetch: async (directory) =>
          await downloadTemporal({ directory, version: CLI_VERSION, onProgress, signal }),
      },
      {
        origin: 'mirror',
        label: 'the Go module proxy',
        version: CLI_VERSION,
        fetch: async (directory) =>
          await buildTemporal({ directory, path, version: CLI_VERSION, onProgress, signal }),
      },
    ],
  };
}

function parseVersion(output: string): string | null {
  const [, cli, server] = /temporal version (\S+) \(Server ([^,)]+)/.exec(output) ?? [];
  return cli === undefined || server === undefined ? null : `${cli} (server ${server})`;
}
