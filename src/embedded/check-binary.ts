import { AppError } from '../errors.ts';
import { isExecutable } from './find-on-path.ts';
import { reasonOf } from './reason-of.ts';
import { runCommand } from './run-command.ts';

/** What is asked of a binary before it is used. */
export interface BinaryCheck {
  name: string;
  /** Reads the output of `--version`; null when it is some other program's. */
  parseVersion(output: string): string | null;
  /** Oldest usable major version. */
  minimumMajor: number;
}

/** The version of a binary that runs here. Throws with the reason it cannot be used, missing libraries by name. */
export async function checkBinary(path: string, check: BinaryCheck): Promise<string> {
  if (!(await isExecutable(path))) {
    throw new AppError('unavailable', `${path} is not a file that can be executed`);
  }
  const output = await askVersion(path);
  const version = check.parseVersion(output);
  if (version === null)
    throw new AppError('unavailable', `${path} is not ${check.name}: ${output.slice(0, 200)}`);
  if (Number.parseInt(version, 10) < check.minimumMajor) {
    throw new AppError(
      'unavailable',
      `${path} is version ${version}, ${check.minimumMajor} or later is needed`,
    );
  }
  return version;
}

async function askVersion(path: string): Promise<string> {
  try {
    return await runCommand({ command: path, args: ['--version'], timeoutMs: 20_000 });
  } catch (error) {
    const libraries = await missingLibraries(path);
    const reason =
      libraries.length > 0 ? `these shared libraries are missing: ${libraries.join(', ')}` : reasonOf(error);
    throw new AppError('unavailable', `${path} does not run: ${reason}`, { cause: error });
  }
}

async function missingLibraries(path: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  try {
    const output = await runCommand({ command: 'ldd', args: [path], timeoutMs: 10_000 });
    return [...output.matchAll(/^\s*(\S+) => not found/gm)].flatMap(([, library]) => library ?? []);
  } catch {
    return [];
  }
}
