import { describe, expect, it } from 'vitest';
import { shorten } from '../../../src/domain/shorten.ts';

describe('shorten', () => {
  it('leaves a text that fits as it is', () => {
    expect(shorten('CRM', 3)).toBe('CRM');
  });

  it('marks what it cut', () => {
    expect(shorten('Customers', 5)).toBe('Cust…');
  });

  it('cuts no emoji in half', () => {
    expect(shorten('ab🎉cd', 4)).toBe('ab…');
    expect(shorten('ab🎉cd', 5)).toBe('ab🎉…');
  });
});
