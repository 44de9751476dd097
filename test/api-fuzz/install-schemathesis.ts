import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const INSTALL_MS = 300_000;

/**
 * The path of Schemathesis, of the pinned version, in a virtual environment in the cache folder; made at the first call and
 * whenever a pin changes. Throws an error that says what is missing.
 */
export function installSchemathesis(cacheDir: string): string {
  const pins = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(cacheDir, `schemathesis-${pins}`);
  const program = join(folder, 'bin', 'st');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return program;
  rmSync(folder, { recursive: true, force: true });
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  run(
    'python3',
    ['-c', check],
    'The API is fuzzed with Schemathesis, which needs python3, 3.10 or newer, with venv.',
  );
  run('python3', ['-m', 'venv', folder], `No virtual environment could be made in ${folder}.`);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--requirement',
    REQUIREMENTS,
  ];
  run(
    join(folder, 'bin', 'python'),
    pip,
    'Schemathesis could not be installed from the package index of pip.',
  );
  writeFileSync(complete, '');
  return program;
}

function run(program: string, args: string[], sentence: string): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: INSTALL_MS });
  if (status !== 0) throw new Error(`${sentence}\n${error?.message ?? stderr}`);
}
