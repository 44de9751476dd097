import { existsSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config.ts';
import { generateSecretKey } from '../../../src/secret-box.ts';
import { projectPath, readProjectFile, SETTINGS } from './project-files.ts';

const servers = { MONGODB_URI: 'mongodb://m', TEMPORAL_ADDRESS: 't:1', SECRET_KEYS: generateSecretKey('k') };
const { bin, engines, dependencies } = JSON.parse(readProjectFile('package.json')) as {
  bin: { tablehook: string };
  engines: { node: string };
  dependencies: Record<string, string>;
};
const instructions = readProjectFile('Dockerfile')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }));
const all = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);
const last = (name: string) => all(name).at(-1) ?? '';
/** Sources that come out of the project's folder rather than an earlier stage. */
const copied = new Set(
  all('COPY')
    .filter((rest) => !rest.startsWith('--from='))
    .flatMap((rest) => rest.split(' ').slice(0, -1)),
);

describe('Dockerfile', () => {
  it('stands on the oldest Node that is supported, with glibc', () => {
    const oldest = /\d+/.exec(engines.node)?.[0];
    for (const from of all('FROM')) expect(from).toMatch(new RegExp(`^node:${oldest}-bookworm(-slim)?\\b`));
  });

  it('runs the command line as a numbered user who is not root', () => {
    expect(JSON.parse(last('ENTRYPOINT'))).toEqual(['node', bin.tablehook]);
    expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('installs what the lock file says and runs no install script', () => {
    const installs = all('RUN').filter((rest) => rest.startsWith('npm ') && !rest.startsWith('npm run'));
    expect(installs).toHaveLength(2);
    for (const install of installs) expect(install).toMatch(/^npm ci .*--ignore-scripts/);
    expect(installs.at(-1)).toContain('--omit=dev');
  });

  it('sets no setting, and no variable besides NODE_ENV', () => {
    expect(all('ENV')).toEqual(['NODE_ENV=production']);
    expect(SETTINGS).not.toContain('NODE_ENV');
  });

  it('exposes the ports that API and worker listen on unless told otherwise', () => {
    const ports = [parseConfig('api', servers).port, parseConfig('worker', servers).metricsPort];
    expect(last('EXPOSE').split(' ').map(Number)).toEqual(ports);
  });

  it('copies what the build reads, and is sent nothing else', () => {
    const { include } = JSON.parse(readProjectFile('tsconfig.build.json')) as { include: string[] };
    for (const path of [...include, 'tsconfig.build.json', 'package-lock.json']) {
      expect(copied).toContain(path);
    }
    expect([...copied].filter((path) => !existsSync(projectPath(path)))).toEqual([]);
    const [everything, ...exceptions] = readProjectFile('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(everything).toBe('*');
    expect(exceptions.toSorted()).toEqual([...copied].map((path) => `!${path}`).toSorted());
  });
});

describe('package.json', () => {
  it('has every package that is imported at run time among the dependencies, so that --omit=dev keeps it', () => {
    const packages = ['src', 'workflows', 'activities', 'scripts'].flatMap((folder) =>
      readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .flatMap((path) => importsOf(readProjectFile(`${folder}/${path}`))),
    );
    expect(packages).toContain('express');
    expect([...new Set(packages)].filter((name) => !(name in dependencies))).toEqual([]);
  });
});

/** The packages that a module imports other than for their types. */
function importsOf(source: string): string[] {
  const statements = source.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^;]*?\sfrom\s+)?'([^'.][^']*)'/gm);
  return [...statements]
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !isBuiltin(specifier))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
}
