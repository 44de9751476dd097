import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepSecret } from '../../src/keep-secret.ts';

describe('keepSecret', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tablehook-keep-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('makes a secret at the first start and answers the same one at the next', () => {
    expect(keepSecret(folder, 'api-key', () => 'first')).toBe('first');
    expect(keepSecret(folder, 'api-key', () => 'second')).toBe('first');
    expect(readFileSync(join(folder, 'api-key'), 'utf8')).toBe('first\n');
  });

  it('keeps it where only its owner can read it, in a data folder it makes', () => {
    const dataDir = join(folder, 'not', 'there');
    keepSecret(dataDir, 'secret-key', () => 'x');
    expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it('keeps secrets of several names apart', () => {
    keepSecret(folder, 'a', () => '1');
    expect(keepSecret(folder, 'b', () => '2')).toBe('2');
  });

  it('takes a secret that somebody put there, without the white space around it', () => {
    writeFileSync(join(folder, 'api-key'), '  given \n\n');
    expect(keepSecret(folder, 'api-key', () => 'made')).toBe('given');
  });
});
