import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FirstAttempts } from '../../../src/temporal/first-attempts.ts';

describe('FirstAttempts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const watch = (wait: Promise<void>) => {
    let over = false;
    void wait.then(() => (over = true));
    return async (passMs = 0) => {
      await vi.advanceTimersByTimeAsync(passMs);
      return over;
    };
  };

  it('waits until as many attempts are made as deliveries were planned', async () => {
    const attempts = new FirstAttempts();
    attempts.expect('chg_1');
    const over = watch(attempts.wait('chg_1', 500));
    attempts.planned('chg_1', 2);
    attempts.attempted('chg_1');
    expect(await over()).toBe(false);
    attempts.attempted('chg_1');
    expect(await over()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends at once when everything happened between the start and the wait', async () => {
    const attempts = new FirstAttempts();
    attempts.expect('chg_1');
    attempts.planned('chg_1', 1);
    attempts.attempted('chg_1');
    expect(await watch(attempts.wait('chg_1', 500))()).toBe(true);
  });

  it('ends at the plan when the change is owed to nobody', async () => {
    const attempts = new FirstAttempts();
    const over = watch(attempts.wait('chg_1', 500));
    attempts.planned('chg_1', 0);
    expect(await over()).toBe(true);
  });

  it('ends after its bound while an endpoint hangs', async () => {
    const attempts = new FirstAttempts();
    const over = watch(attempts.wait('chg_1', 500));
    attempts.planned('chg_1', 2);
    attempts.attempted('chg_1');
    expect(await over(499)).toBe(false);
    expect(await over(1)).toBe(true);
  });

  it('follows each change by itself, and takes no notice of one it does not know', async () => {
    const attempts = new FirstAttempts();
    const over = watch(attempts.wait('chg_1', 500));
    attempts.planned('chg_2', 0);
    attempts.attempted('chg_2');
    expect(await over()).toBe(false);
  });

  it('begins anew with a change it forgot', async () => {
    const attempts = new FirstAttempts();
    attempts.expect('chg_1');
    attempts.planned('chg_1', 0);
    attempts.forget('chg_1');
    expect(await watch(attempts.wait('chg_1', 500))()).toBe(false);
  });
});
