import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { generateSecretKey } from '../../src/secret-box.ts';

const given = {
  MONGODB_URI: 'mongodb://m',
  TEMPORAL_ADDRESS: 't:7233',
  SECRET_KEYS: generateSecretKey('k1'),
  FAST_PATH_WORKFLOWS: '0',
};

describe('FAST_PATH_WORKFLOWS', () => {
  it.each(['worker', 'standalone'] as const)(
    'must not be 0 for %s, whose relay would start nothing',
    (mode) => {
      expect(() => parseConfig(mode, given)).toThrow(/FAST_PATH_WORKFLOWS: must be at least 1/);
    },
  );

  it.each(['api', 'setup'] as const)('may be 0 for %s, which leaves every start to the workers', (mode) => {
    expect(parseConfig(mode, given).fastPathWorkflows).toBe(0);
  });
});
