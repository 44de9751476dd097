import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../../src/domain/search-attributes.ts';
import { DRAIN_MS } from '../../../src/listen.ts';
import { createMetrics } from '../../../src/metrics.ts';
import { HOLD_BACK_MS } from '../../../src/services/changes/hold-back.ts';
import { deliveriesQueue, TASK_QUEUE } from '../../../src/temporal/names.ts';
import { readProjectFile, SETTINGS, WORKER_TIMES_MS } from './project-files.ts';

const guide = readProjectFile('docs/deploying.md');

describe('docs/deploying.md', () => {
  it('names no setting that there is not', () => {
    const names = [...guide.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !SETTINGS.includes(name))).toEqual([]);
  });

  it('names every search attribute, task queue and metric', async () => {
    const metrics = (await createMetrics(async () => []).registry.getMetricsAsJSON()).map(({ name }) => name);
    const ours = metrics.filter((name) => name.startsWith('tablehook_'));
    const attributes = SEARCH_ATTRIBUTES.map(({ name }) => name);
    for (const name of [...attributes, ...ours, TASK_QUEUE, deliveriesQueue(TASK_QUEUE)]) {
      expect(guide).toContain(`\`${name}`);
    }
  });

  it('gives the times that are in the code', () => {
    const { longestCall, grace, force } = WORKER_TIMES_MS;
    expect(guide).toContain(`for up to ${DRAIN_MS / 1000} s, and ends`);
    expect(guide).toContain(
      `A call takes ${longestCall / 1000} s at most; after ${grace / 1000} s what is left is cut off and after ${force / 1000} s`,
    );
    expect(guide).toContain(`holds back the newest ${HOLD_BACK_MS / 1000} s`);
  });
});
