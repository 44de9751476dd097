import { describe, expect, it } from 'vitest';
import { admit } from '../../../src/domain/admission.ts';

describe('admit', () => {
  it('lets the deliveries of an enabled webhook go', () => {
    expect(admit({ enabled: true })).toEqual({ kind: 'go' });
  });

  it('holds those of a disabled one, and says why', () => {
    expect(admit({ enabled: false })).toEqual({ kind: 'hold', reason: 'disabled' });
  });

  it('drops those of a deleted one', () => {
    expect(admit(null)).toEqual({ kind: 'drop' });
  });
});
