import { describe, expect, it, vi } from 'vitest';
import { admit } from '../../../src/domain/admission.ts';

describe('admit', () => {
  it('lets the deliveries of an enabled webhook go', () => {
    expect(admit({ enabled: true }, () => true)).toEqual({ kind: 'go' });
  });

  it('holds those of a disabled one, and says why', () => {
    expect(admit({ enabled: false }, () => true)).toEqual({ kind: 'hold', reason: 'disabled' });
  });

  it('drops those of a deleted one', () => {
    expect(admit(null, () => true)).toEqual({ kind: 'drop' });
  });

  it('holds those whose endpoint has no turn for them, which is asked last', () => {
    expect(admit({ enabled: true }, () => false)).toEqual({ kind: 'hold', reason: 'endpoint-busy' });
    const takeTurn = vi.fn(() => true);
    admit({ enabled: false }, takeTurn);
    admit(null, takeTurn);
    expect(takeTurn).not.toHaveBeenCalled();
  });
});
