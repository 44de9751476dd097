import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { LineStep } from '../../../activities/line-step.ts';

describe('LineStep', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('leaves no timer behind when nothing is under way any more', async () => {
    // Nothing of it is asked for where nothing is under way.
    const step = new LineStep({ services: {} } as ActivityDeps, 'whk_1');
    await step.end(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
