import { InvalidArgumentError } from 'commander';

/** Parses one `--env NAME=value` and adds it to those before. */
export function collectEnv(value: string, env: Record<string, string>): Record<string, string> {
  const [, name, setting] = /^([A-Z_][A-Z0-9_]*)=(.*)$/s.exec(value) ?? [];
  if (name === undefined || setting === undefined) throw new InvalidArgumentError('Give NAME=value.');
  return { ...env, [name]: setting };
}
