import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/logger.ts';

function capture(options: { pretty?: boolean } = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'info',
    ...options,
    destination: { write: (line) => lines.push(line) },
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('createLogger', () => {
  it('writes JSON with an ISO time and the level by name', () => {
    const { logger, last } = capture();
    logger.info({ change_id: 'chg_1', status: 200 }, 'done');
    expect(last()).toMatchObject({ level: 'info', change_id: 'chg_1', status: 200, msg: 'done' });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('keeps silent below its level', () => {
    const { logger, lines } = capture();
    logger.debug('x');
    expect(lines).toEqual([]);
  });

  it.each([
    'authorization',
    'Cookie',
    'set-cookie',
    'key',
    'api_key',
    'secret',
    'url',
    'headers',
    'body',
    'values',
  ])('redacts %s at any depth, in entries and bindings', (name) => {
    const { logger, lines } = capture();
    logger.info({ [name]: 'hush', a: { b: [{ [name]: { c: 'hush' } }] } });
    logger.child({ [name]: 'hush', a: { [name]: 'hush' } }).info('x');
    expect(lines.join('')).not.toContain('hush');
    expect(lines.join('')).toContain('[redacted]');
  });

  it('keeps ids', () => {
    const { logger, last } = capture();
    logger.info({ api_key_id: 'key_1', record_id: 'rec_1' });
    expect(last()).toMatchObject({ api_key_id: 'key_1', record_id: 'rec_1' });
  });

  it('writes an error with its causes, and none of what was hung on it', () => {
    const { logger, lines, last } = capture();
    const cause = Object.assign(new Error('inner'), { code: 112, keyValue: { hash: 'hush' }, body: 'hush' });
    logger.error({ err: new TypeError('outer', { cause }) }, 'failed');
    expect(lines.join('')).not.toContain('hush');
    expect(last()).toMatchObject({
      msg: 'failed',
      err: {
        type: 'TypeError',
        message: 'outer',
        stack: expect.any(String),
        cause: { type: 'Error', message: 'inner', code: 112 },
      },
    });
  });

  it('takes an error alone, and values that are no errors', () => {
    const { logger, last } = capture();
    logger.error(new Error('alone'));
    expect(last()).toMatchObject({ msg: 'alone', err: { message: 'alone' } });
    logger.error({ err: { url: 'hush', a: 1 } });
    expect(last()).toMatchObject({ err: { url: '[redacted]', a: 1 } });
  });

  it('writes one readable line when it is to be pretty', () => {
    const { logger, lines } = capture({ pretty: true });
    logger.warn({ change_id: 'chg_1', secret: 'hush' }, 'careful');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} WARN  careful change_id="chg_1" secret="\[redacted\]"\n$/,
    );
  });
});
