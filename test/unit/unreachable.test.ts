import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { connectWorker } from '../../src/temporal/connection.ts';
import { unreachable } from '../../src/unreachable.ts';

const messageFor = (server: 'MongoDB' | 'Temporal', address: string): string => {
  try {
    return unreachable(server, address)(new Error('no answer'));
  } catch (error) {
    return error instanceof AppError ? error.message : 'not an AppError';
  }
};

describe('unreachable', () => {
  it.each([
    ['mongodb://a:27017,b:27017/db?replicaSet=rs', 'a:27017,b:27017'],
    ['mongodb+srv://user:pass@db.example/app', 'db.example'],
    ['mongodb://user:p@ss@db.example:27017', 'db.example:27017'],
    ['mongodb://db.example?tls=true', 'db.example'],
  ])('names the hosts of %s, and no credentials', (uri, hosts) => {
    expect(messageFor('MongoDB', uri)).toBe(
      `Cannot connect to MongoDB at ${hosts}: no answer. Is it running, and MONGODB_URI right?`,
    );
  });

  it('says in one line that Temporal does not answer where TEMPORAL_ADDRESS points', async () => {
    const temporal = {
      namespace: 'default',
      apiKey: undefined,
      tls: undefined,
      uiUrl: undefined,
      searchAttributeBytes: 2_048,
    };
    const connecting = connectWorker({ ...temporal, address: '127.0.0.1:1' });
    await expect(connecting).rejects.toThrow(
      /^Cannot connect to Temporal at 127\.0\.0\.1:1: .+ TEMPORAL_ADDRESS/,
    );
  });
});
