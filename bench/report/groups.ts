import type { RunResult } from '../result.ts';
import { scenarios } from '../scenarios.ts';
import type { SystemName } from '../systems/system.ts';
import { SYSTEMS } from '../systems/system.ts';
import type { Figure } from './figures.ts';
import type { Range } from './range.ts';
import { toRange } from './range.ts';

/** All runs of one scenario on one system. */
export interface Group {
  scenario: string;
  title: string;
  system: SystemName;
  runs: RunResult[];
}

/** Groups runs, scenarios and systems in the order they are declared in. */
export function toGroups(runs: readonly RunResult[]): Group[] {
  return scenarios.flatMap(({ name, title }) =>
    Object.keys(SYSTEMS).flatMap((system) => {
      const found = runs.filter((run) => run.scenario === name && run.system === system);
      return found.length === 0 ? [] : [{ scenario: name, title, system: system as SystemName, runs: found }];
    }),
  );
}

/** A figure over a group's runs. */
export function rangeOf({ runs }: Group, figure: Figure): Range | null {
  return toRange(runs.map(figure));
}
