import { describe, expect, it } from 'vitest';
import { Environment, parseConfig } from '../../../src/config.ts';
import { readProjectFile, SETTINGS, toEnvironment } from './project-files.ts';

const example = toEnvironment(readProjectFile('.env.example').replaceAll(/^#(?=[A-Z])/gm, ''));
// What no variable is given for.
const defaults: Record<string, unknown> = Environment.parse({});

describe('.env.example', () => {
  it('has every setting of the schema once, and no other', () => {
    const names = readProjectFile('.env.example').match(/^#?[A-Z_]+(?==)/gm) ?? [];
    expect(names.toSorted()).toEqual(SETTINGS.map((name) => `#${name}`).toSorted());
  });

  it.each(SETTINGS)('gives %s the default of the schema, and none where it has none', (name) => {
    const value = example[name] ?? '';
    expect(value === '').toBe(defaults[name] === undefined);
    if (value !== '') expect(Environment.parse({ [name]: value })).toEqual(defaults);
  });

  it('says what each setting means', () => {
    const lines = readProjectFile('.env.example').split('\n');
    const isSetting = (line: string | undefined) => /^#[A-Z_]+=/.test(line ?? '');
    const unexplained = lines.filter(
      (line, at) => isSetting(line) && !lines[at - 1]?.startsWith('# ') && !isSetting(lines[at - 1]),
    );
    expect(unexplained).toEqual([]);
  });

  it('can be used as it is, uncommented, for a start', () => {
    const { cacheDir: _cacheDir, path: _path, ...config } = parseConfig('standalone', example);
    const { cacheDir: _none, path: _nothing, ...given } = parseConfig('standalone', {});
    expect(config).toEqual(given);
  });
});

describe('README', () => {
  it('has every setting in its table of configuration, and no other', () => {
    const section = /\n## Configuration\n([^]*?)\n## /.exec(readProjectFile('README.md'))?.[1] ?? '';
    const cells = section.match(/^\| `[^|]*/gm) ?? [];
    const names = cells.flatMap((cell) => cell.match(/[A-Z_]{2,}/g) ?? []);
    expect(names.toSorted()).toEqual([...SETTINGS].toSorted());
    expect(section).toContain('(.env.example)');
  });
});
