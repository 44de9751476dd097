import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { createSecretBox, generateSecretKey } from '../../src/secret-box.ts';

const OLD = generateSecretKey('old');
const NEW = generateSecretKey('new');
const damaged = expect.objectContaining({
  code: 'internal',
  message:
    'A secret sealed with the key "old" does not open: it is damaged, or was sealed with another key of that name.',
});

describe('createSecretBox', () => {
  it('opens what it sealed, whatever the text, and never seals one text alike twice', () => {
    const box = createSecretBox([OLD]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, purpose) => {
        const sealed = box.seal(text, purpose);
        expect(box.open(sealed, purpose)).toBe(text);
        expect(box.seal(text, purpose)).not.toBe(sealed);
      }),
    );
  });

  it('shows nothing of the text in what it seals, only the id of the key', () => {
    const sealed = createSecretBox([OLD]).seal('https://hooks.example/T0KEN', 'url');
    expect(sealed).toMatch(/^old(\.[A-Za-z0-9_-]+){3}$/);
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('T0KEN');
  });

  it('does not open a text that was sealed for another place', () => {
    const box = createSecretBox([OLD]);
    expect(() => box.open(box.seal('x', 'whk_1 secret'), 'whk_2 secret')).toThrow(damaged);
  });

  it('seals with its first key and opens with all of them, so that keys can be changed', () => {
    const before = createSecretBox([OLD]).seal('x', 'p');
    const rotating = createSecretBox([NEW, OLD]);
    expect(rotating.open(before, 'p')).toBe('x');
    expect(rotating.seal('x', 'p')).toMatch(/^new\./);
    expect(createSecretBox([NEW]).open(rotating.seal('x', 'p'), 'p')).toBe('x');
  });

  it('says which key is lacking', () => {
    const sealed = createSecretBox([OLD]).seal('x', 'p');
    expect(() => createSecretBox([NEW]).open(sealed, 'p')).toThrow('SECRET_KEYS lacks the key "old"');
  });

  it('knows which keys it holds, and holds none for one that is lost', () => {
    const sealed = createSecretBox([OLD]).seal('x', 'p');
    const box = createSecretBox([NEW, 'old:lost']);
    expect(box).toMatchObject({ keyIds: ['new'], lostKeyIds: ['old'] });
    expect(() => box.open(sealed, 'p')).toThrow('SECRET_KEYS lacks the key "old"');
  });

  it('never quotes what was not sealed', () => {
    const box = createSecretBox([OLD]);
    for (const secret of ['https://hooks.example/T0KEN', 'T0KEN@x.y', 'p/T0KEN'])
      expect(() => box.open(secret, 'p')).toThrow('SECRET_KEYS lacks the key of no valid name');
  });

  it('does not open with another key under the same id', () => {
    const sealed = createSecretBox([OLD]).seal('x', 'p');
    expect(() => createSecretBox([generateSecretKey('old')]).open(sealed, 'p')).toThrow(damaged);
  });

  it('does not open a text of which any one byte was changed, or that was cut', () => {
    const box = createSecretBox([OLD]);
    const sealed = box.seal('the secret', 'p');
    const [id = '', ...parts] = sealed.split('.');
    for (const [index, part] of parts.entries()) {
      for (const spoil of [flipFirstBit, cutLastByte, () => '']) {
        const spoilt = parts.with(index, spoil(part));
        expect(() => box.open([id, ...spoilt].join('.'), 'p')).toThrow(damaged);
      }
    }
    expect(() => box.open(`${id}.${parts[0]}.${parts[1]}`, 'p')).toThrow(damaged);
    expect(() => box.open(id, 'p')).toThrow(damaged);
    expect(() => box.open('', 'p')).toThrow(AppError);
  });

  it('cannot do without a key', () => {
    expect(() => createSecretBox([])).toThrow('SECRET_KEYS holds no key.');
  });
});

describe('generateSecretKey', () => {
  it('makes an entry of SECRET_KEYS: the id and 32 random bytes', () => {
    expect(OLD).toMatch(/^old:[A-Za-z0-9+/]{43}=$/);
    expect(generateSecretKey('old')).not.toBe(OLD);
  });
});

function flipFirstBit(part: string): string {
  const bytes = Buffer.from(part, 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 0x80;
  return bytes.toString('base64url');
}

function cutLastByte(part: string): string {
  return Buffer.from(part, 'base64url').subarray(0, -1).toString('base64url');
}
