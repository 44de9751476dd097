import { describe, expect, it } from 'vitest';
import { checkJson } from '../../../src/api/check-json.ts';

const check = (text: string) => checkJson(JSON.parse(text));
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('checkJson', () => {
  it('takes ordinary JSON, and no body at all', () => {
    expect(check('{"a":[1,"x",null,true,{"b.c":{"":{"toString":1,"$ref":"é😀"}}}]}')).toEqual([]);
    expect(checkJson(undefined)).toEqual([]);
    expect(checkJson(null)).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'prototype', '_bsontype', '\\u005f_proto__'])(
    'refuses the key %s at any depth and names its place',
    (key) => {
      const name = JSON.parse(`"${key}"`) as string;
      const message = 'is a reserved name';
      expect(check(`{"${key}":{}}`)).toEqual([{ path: name, message }]);
      expect(check(`{"values":{"J":[0,{"${key}":1}]}}`)).toEqual([{ path: `values.J.1.${name}`, message }]);
    },
  );

  it('takes reserved names as values', () => {
    expect(check('{"a":"__proto__","b":["constructor"]}')).toEqual([]);
  });

  it('refuses numbers beyond a double', () => {
    expect(check('{"a":[1e308,1e999,-1e999]}').map(({ path }) => path)).toEqual(['a.1', 'a.2']);
  });

  it('refuses what UTF-8 and BSON cannot hold as it came', () => {
    const paths = check('{"a":"\\ud800","b":"\\ud83d\\ude00","c\\u0000":1,"d\\udc00":1,"e":"\\u0000"}').map(
      ({ path }) => path,
    );
    expect(paths).toEqual(['a', 'c\0', 'd\udc00']);
  });

  it('refuses nesting beyond 64, however deep it goes', () => {
    expect(check(nested(64))).toEqual([]);
    expect(check(nested(65))).toMatchObject([{ message: 'must not nest deeper than 64' }]);
    expect(check(nested(200_000))).toHaveLength(1);
  });

  it('refuses more than 500,000 values', () => {
    expect(check(`[${'0,'.repeat(499_999)}0]`)).toEqual([]);
    expect(check(`[${'0,'.repeat(500_000)}0]`)).toEqual([
      { path: '', message: 'must not hold more than 500000 values' },
    ]);
  });

  it('stops at 20 faults', () => {
    expect(check(`[${'{"__proto__":1},'.repeat(50)}1]`)).toHaveLength(20);
  });
});
