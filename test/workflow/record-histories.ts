import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodedText } from '../support/temporal.ts';
import { PATHS } from './paths.ts';
import { save } from './saved-history.ts';
import type { Stage } from './stage.ts';
import { openStage } from './stage.ts';

/** `npm run histories`: records every path anew, after workflows were changed on purpose. */
describe('recording histories', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
  });

  it.each(PATHS)('records $name', async ({ name, walk, proof }) => {
    const workflowId = await walk(stage);
    await stage.temporal.ended(workflowId);
    const history = await stage.temporal.history(workflowId);
    for (const sign of proof) expect(decodedText(history)).toMatch(sign);
    await save(name, history);
  });
});
