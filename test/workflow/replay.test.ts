import { Worker } from '@temporalio/worker';
import { describe, expect, inject, it } from 'vitest';
import { installQuietRuntime } from '../support/tablehook.ts';
import type { HistoryJson } from '../support/temporal.ts';
import { decodedText } from '../support/temporal.ts';
import { PATHS } from './paths.ts';
import { readSaved, savedNames } from './saved-history.ts';

installQuietRuntime();

/** Runs a history against the workflows as they are now. Rejects when they would have done something else. */
async function replay(history: HistoryJson): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: { codePath: inject('workflowBundlePath') } }, history);
}

describe('the workflows, against histories of earlier versions', () => {
  it('have a saved history of every path, and of no other', async () => {
    expect(await savedNames()).toEqual(PATHS.map(({ name }) => name).toSorted());
  });

  it.each(PATHS)('still go the way of $name', async ({ name, proof }) => {
    const history = await readSaved(name);
    for (const sign of proof) expect(decodedText(history)).toMatch(sign);
    await expect(replay(history)).resolves.toBeUndefined();
  });

  it('are refused when they would do something else', async () => {
    const history = await readSaved('delivered-after-retries');
    const scheduled = history.events.find(
      ({ eventType }) => eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED',
    );
    Object.assign(scheduled?.['activityTaskScheduledEventAttributes'] ?? {}, {
      activityType: { name: 'anotherActivity' },
    });
    await expect(replay(history)).rejects.toThrow(/nondeterminism/i);
  });

  it.each(PATHS)('left nothing of the machine or of a secret in $name', async ({ name }) => {
    const text = decodedText(await readSaved(name));
    for (const trace of [/node_modules/, /file:\/\//, /\/hook/, /whsec_/, /thk_/, /Ship/, /\d+@\w/])
      expect(text).not.toMatch(trace);
  });
});
