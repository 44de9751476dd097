import { describe, expect, it } from 'vitest';
import { Alarm } from '../../../src/temporal/alarm.ts';

const LONG_MS = 60_000;

/** Whether a promise resolves before everything else that is due does. */
async function resolvesAtOnce(promise: Promise<void>): Promise<boolean> {
  const soon = new Promise<false>((resolve) => setTimeout(() => resolve(false), 200));
  return Promise.race([promise.then(() => true), soon]);
}

describe('Alarm', () => {
  it('ends the wait under way when it rings', async () => {
    const alarm = new Alarm();
    const wait = alarm.wait(LONG_MS);
    alarm.ring();
    expect(await resolvesAtOnce(wait)).toBe(true);
  });

  it('ends the next wait at once when it rang before', async () => {
    const alarm = new Alarm();
    alarm.ring();
    expect(await resolvesAtOnce(alarm.wait(LONG_MS))).toBe(true);
    const second = alarm.wait(LONG_MS);
    expect(await resolvesAtOnce(second)).toBe(false);
    alarm.stop();
    await second;
  });

  it('ends every wait at once after it was stopped', async () => {
    const alarm = new Alarm();
    const wait = alarm.wait(LONG_MS);
    alarm.stop();
    await wait;
    expect(await resolvesAtOnce(alarm.wait(LONG_MS))).toBe(true);
    expect(alarm.stopped).toBe(true);
  });

  it('ends a wait when something else came about sooner', async () => {
    const alarm = new Alarm();
    expect(await resolvesAtOnce(alarm.wait(LONG_MS, Promise.resolve()))).toBe(true);
  });
});
