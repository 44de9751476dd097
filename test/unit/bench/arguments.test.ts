import { describe, expect, it, vi } from 'vitest';
import { parseArguments } from '../../../bench/arguments.ts';
import { scenarios, toQuick } from '../../../bench/scenarios.ts';
import { owedPerChange } from '../../../bench/run/owed.ts';

describe('parseArguments', () => {
  it('runs everything three times unless told otherwise', () => {
    const args = parseArguments([]);
    expect(args.scenarios).toEqual(scenarios);
    expect(args).toMatchObject({ runs: 3, quick: false, systems: null, env: {} });
  });

  it('takes scenarios in the order given, and settings for the processes', () => {
    const args = parseArguments([
      ...['burst', 'idle', '--runs', '1', '--quick', '--systems', 'tablehook,bare'],
      ...['--env', 'FAST_PATH_WORKFLOWS=4', '--env', 'EMPTY=', '--out', 'x.json'],
    ]);
    expect(args.scenarios.map(({ name }) => name)).toEqual(['burst', 'idle']);
    expect(args).toMatchObject({ runs: 1, quick: true, systems: ['tablehook', 'bare'], out: 'x.json' });
    expect(args.env).toEqual({ FAST_PATH_WORKFLOWS: '4', EMPTY: '' });
  });

  it.each([
    [['nothing']],
    [['--runs', '0']],
    [['--runs', 'many']],
    [['--systems', 'other']],
    [['--env', 'A']],
  ])('refuses %j', (argv) => {
    const silent = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(() => parseArguments(argv)).toThrow();
    silent.mockRestore();
  });
});

describe('scenarios', () => {
  it('have names of their own, and a measured stream that is owed something', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    for (const { streams, measured, load } of scenarios) {
      const stream = streams.find(({ name }) => name === measured);
      expect(stream && owedPerChange(stream, load)).toBeGreaterThan(0);
    }
  });

  it('stay what they are in their quick form, only shorter', () => {
    for (const scenario of scenarios) {
      const quick = toQuick(scenario);
      expect(quick.load.kind).toBe(scenario.load.kind);
      expect({ ...quick, load: null, storedChanges: null }).toEqual({
        ...scenario,
        load: null,
        storedChanges: null,
      });
    }
  });
});

describe('owedPerChange', () => {
  const load = { kind: 'rate' as const, perSecond: 1, durationMs: 1 };

  it('counts webhooks that asked for the event and answer', () => {
    const ok = { kind: 'ok' as const };
    const webhooks = [
      { count: 2, behaviour: ok },
      { count: 3, behaviour: ok, events: ['record.updated'] },
      { count: 5, behaviour: ok, events: ['record.deleted'] },
      { count: 7, behaviour: { kind: 'hang' as const } },
    ];
    expect(owedPerChange({ name: 'main', webhooks }, load)).toBe(5);
  });
});
