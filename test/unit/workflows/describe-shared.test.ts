import { describe, expect, it } from 'vitest';
import { describeShared } from '../../../workflows/describe-shared.ts';

const changes = { chg_1: 'fine*', chg_2: 'waiting, paused', chg_3: '503' };

describe('describeShared', () => {
  it('lists those first that are not done with, and says where they are', () => {
    const lines = describeShared({ changes, troubled: ['chg_3'], held: ['chg_2'] }).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '**3 record changes** that waited together: 1 done with, 1 with a workflow of its own, 1 waiting',
      '',
      '- 503 · `chg_3` · **goes on in a workflow of its own**',
      '- waiting, paused · `chg_2`',
      '- fine\\* · `chg_1`',
    ]);
    expect(lines.slice(5).join('\n')).toContain('`GET /v1/changes/{changeId}`');
  });

  it('has nothing to advise where all are done with', () => {
    expect(describeShared({ changes: { chg_1: 'fine' }, troubled: [], held: [] })).toBe(
      '**1 record change** that waited together: 1 done with\n\n- fine · `chg_1`',
    );
  });

  it('tells of what an earlier version attempted, which named none that wait', () => {
    expect(describeShared({ changes, troubled: ['chg_3'] })).toContain('2 done with, 1 with a workflow');
  });
});
