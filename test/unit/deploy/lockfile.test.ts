import { describe, expect, it } from 'vitest';
import { readProjectFile } from './project-files.ts';

interface Locked {
  version: string;
  resolved?: string;
  integrity?: string;
  dev?: true;
  hasInstallScript?: true;
}

const lock = JSON.parse(readProjectFile('package-lock.json')) as {
  lockfileVersion: number;
  packages: Record<string, Locked>;
};
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('package-lock.json', () => {
  it('holds the checksum of every package', () => {
    expect(packages.length).toBeGreaterThan(100);
    const without = packages.filter(
      ([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''),
    );
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('takes packages from no place but the registry that is configured', () => {
    const foreign = packages.filter(
      ([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
    );
    expect(foreign.map(([path]) => path)).toEqual([]);
  });

  // Nothing needs them: the image installs with --ignore-scripts. A new one is to be looked at first.
  it('knows which packages bring install scripts', () => {
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(scripted.map(([path, { dev }]) => `${path}${dev ? ' (dev)' : ''}`)).toEqual([
      'node_modules/@grpc/proto-loader/node_modules/protobufjs',
      'node_modules/@swc/core',
      'node_modules/esbuild (dev)',
      'node_modules/swagger-ui-dist/node_modules/@scarf/scarf (dev)',
    ]);
  });
});
