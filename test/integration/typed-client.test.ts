import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  types: ['node'],
};

const SCRIPT = `
import { createTablehookClient, orThrow, TablehookError } from 'tablehook/client';
import type { EventBody, Problem } from 'tablehook/client';

const [url = '', apiKey = ''] = process.argv.slice(2);
const tablehook = createTablehookClient({ url, apiKey });
const table = await orThrow(
  tablehook.POST('/v1/tables', { body: { name: 'Packed', fields: [{ name: 'Title', type: 'text' }] } }),
);
const params = { path: { tableId: table.id } };
const record = await orThrow(
  tablehook.POST('/v1/tables/{tableId}/records', { params, body: { values: { Title: 'Ship' } } }),
);
const version: number = record.version;
const { data, error } = await tablehook.GET('/v1/tables/{tableId}/records', { params });
const titles = data ? data.data.map(({ values }) => values['Title']) : error;
const missing = await orThrow(
  tablehook.GET('/v1/changes/{changeId}', { params: { path: { changeId: 'chg_01m87c5c9we8qafcxs839deazn' } } }),
).catch((thrown: unknown) => (thrown instanceof TablehookError ? thrown.problem : null));
const problem: Problem | null = missing && 'code' in missing ? missing : null;
export const typeOf = (event: EventBody): 'record.created' | 'record.updated' | 'record.deleted' => event.type;
process.stdout.write(JSON.stringify({ version, titles, code: problem?.code }));
`;

describe('the package, packed and installed elsewhere', () => {
  let tablehook: Tablehook;
  let folder: string;
  beforeAll(async () => {
    tablehook = await startTablehook();
    folder = await mkdtemp(join(tmpdir(), 'tablehook-packed-'));
    const { stdout } = await run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', folder],
      { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 },
    );
    const [packed] = JSON.parse(stdout) as { filename: string }[];
    const modules = join(folder, 'node_modules');
    await mkdir(join(modules, 'tablehook'), { recursive: true });
    const tarball = join(folder, packed?.filename ?? '');
    await run('tar', ['-xzf', tarball, '-C', join(modules, 'tablehook'), '--strip-components=1']);
    // What an install would bring that the client needs, and no more.
    for (const name of ['openapi-fetch', 'openapi-typescript-helpers', '@types', 'undici-types']) {
      await symlink(join(ROOT, 'node_modules', name), join(modules, name));
    }
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['script.ts'] }),
    );
  });
  afterAll(async () => {
    await tablehook.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const compile = async (script: string) => {
    await writeFile(join(folder, 'script.ts'), script);
    return run(process.execPath, [TSC], { cwd: folder }).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
  };

  it('gives tablehook/client with its types, and it works', async () => {
    expect(await compile(SCRIPT)).toBe('');
    const { stdout } = await run(process.execPath, ['script.js', tablehook.url, tablehook.apiKey], {
      cwd: folder,
    });
    expect(JSON.parse(stdout)).toEqual({ version: 1, titles: ['Ship'], code: 'not_found' });
  });

  it('works as the README shows it', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const [, script = ''] = /```ts[^\n]*\n(import [^\n]*from 'tablehook\/client'.*?)```/s.exec(readme) ?? [];
    expect(await compile(script)).toBe('');
    const env = { TABLEHOOK_URL: tablehook.url, TABLEHOOK_API_KEY: tablehook.apiKey };
    const { stdout } = await run(process.execPath, ['script.js'], { cwd: folder, env });
    expect(stdout).toBe("{ Title: 'Ship' } 0\n");
  });

  it.each([
    ['a path that is not there', "'/v1/tables'", "'/v1/tabels'"],
    ['a field that is not known', "{ name: 'Packed'", "{ nome: 'Packed'"],
    ['a value of another type', "type: 'text'", "type: 'txt'"],
    ['an answer taken for another', 'version: number', 'version: string'],
  ])('does not compile with %s', async (_what, right, wrong) => {
    expect(SCRIPT).toContain(right);
    expect(await compile(SCRIPT.replace(right, wrong))).toContain('script.ts');
  });
});
