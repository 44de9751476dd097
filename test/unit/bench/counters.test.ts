import { describe, expect, it } from 'vitest';
import { total, workBetween } from '../../../bench/measure/mongo-work.ts';
import { parseCalls } from '../../../bench/measure/temporal-calls.ts';
import { parseStat, readUsage } from '../../../bench/processes/usage.ts';

describe('parseStat', () => {
  it('counts fields from the last parenthesis: a process may call itself anything', () => {
    const rest = 'S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 11 0 100 123456 250 0';
    expect(parseStat(`42 (a) b (c) ${rest}`)).toEqual({ cpuSeconds: 2, rssBytes: 250 * 4096 });
  });
});

describe('readUsage', () => {
  it.runIf(process.platform === 'linux')(
    'reads a live process and answers null for one that is gone',
    async () => {
      const own = await readUsage(process.pid);
      expect(own?.cpuSeconds).toBeGreaterThan(0);
      expect(own?.rssBytes).toBeGreaterThan(10e6);
      expect(await readUsage(2 ** 30)).toBeNull();
    },
  );
});

describe('parseCalls', () => {
  it('adds up what clients sent to the frontend, and nothing that services sent each other', () => {
    const metrics = [
      '# TYPE service_requests counter',
      'service_requests{namespace="a",operation="StartWorkflowExecution",service_name="frontend"} 5',
      'service_requests{namespace="b",operation="StartWorkflowExecution",service_name="frontend"} 2',
      'service_requests{namespace="a",operation="StartWorkflowExecution",service_name="history"} 7',
      'service_requests{namespace="a",operation="GetSystemInfo",service_name="frontend"} 3',
      'service_latency_count{operation="StartWorkflowExecution",service_name="frontend"} 9',
    ].join('\n');
    expect(parseCalls(metrics)).toEqual({ StartWorkflowExecution: 7 });
  });
});

describe('workBetween', () => {
  it('is what was added, of counters that are new as well', () => {
    const before = { operations: { insert: 1 }, commands: { find: 2 } };
    const after = { operations: { insert: 4 }, commands: { find: 2, update: 3 } };
    const work = workBetween(before, after);
    expect(work).toEqual({ operations: { insert: 3 }, commands: { find: 0, update: 3 } });
    expect(total(work.commands)).toBe(3);
  });
});
