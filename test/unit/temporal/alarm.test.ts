import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Alarm } from '../../../src/temporal/alarm.ts';

describe('Alarm', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Whether the wait is over, once every callback that is due has run. */
  const watch = (wait: Promise<void>) => {
    let over = false;
    void wait.then(() => (over = true));
    return async (passMs = 0) => {
      await vi.advanceTimersByTimeAsync(passMs);
      return over;
    };
  };

  it('ends a wait after its time', async () => {
    const over = watch(new Alarm().wait(1_000));
    expect(await over(999)).toBe(false);
    expect(await over(1)).toBe(true);
  });

  it('ends a wait at a ring, and leaves no timer behind', async () => {
    const alarm = new Alarm();
    const over = watch(alarm.wait(1_000));
    alarm.ring();
    expect(await over()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('remembers one ring for the next wait, and only for that', async () => {
    const alarm = new Alarm();
    alarm.ring();
    alarm.ring();
    expect(await watch(alarm.wait(1_000))()).toBe(true);
    expect(await watch(alarm.wait(1_000))()).toBe(false);
  });

  it('forgets a ring that has ended a wait', async () => {
    const alarm = new Alarm();
    const first = watch(alarm.wait(1_000));
    alarm.ring();
    expect(await first()).toBe(true);
    expect(await watch(alarm.wait(1_000))()).toBe(false);
  });

  it('ends a wait when something else comes about sooner', async () => {
    const alarm = new Alarm();
    let sooner = () => {};
    const over = watch(alarm.wait(1_000, new Promise<void>((resolve) => (sooner = resolve))));
    expect(await over(500)).toBe(false);
    sooner();
    expect(await over()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends this wait and every later one when it is stopped', async () => {
    const alarm = new Alarm();
    const over = watch(alarm.wait(1_000));
    expect(alarm.stopped).toBe(false);
    alarm.stop();
    expect(alarm.stopped).toBe(true);
    expect(await over()).toBe(true);
    expect(await watch(alarm.wait(1_000))()).toBe(true);
    expect(await watch(alarm.wait(1_000))()).toBe(true);
  });
});
