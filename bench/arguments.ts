import { Command, InvalidArgumentError } from 'commander';
import { collectEnv } from './collect-env.ts';
import { scenarios } from './scenarios.ts';
import type { Scenario } from './scenario.ts';
import type { SystemName } from './systems/system.ts';
import { SYSTEMS } from './systems/system.ts';

export interface BenchArguments {
  scenarios: Scenario[];
  /** Only these of each scenario's systems; null: all of them. */
  systems: SystemName[] | null;
  runs: number;
  out: string;
  quick: boolean;
  env: Record<string, string>;
  /** Where the measured processes leave CPU profiles; null: they are not profiled. */
  profiles: string | null;
}

interface Options {
  runs: number;
  out: string;
  quick: boolean;
  seconds?: number;
  systems?: SystemName[];
  profiles?: string;
  env: Record<string, string>;
}

const MAX_RUNS = 20;

/** Reads the command line; says what is wrong with it, and ends, as commander does. */
export function parseArguments(argv: readonly string[]): BenchArguments {
  const command = new Command('bench')
    .description(`Measures Tablehook and its baselines.\n\nScenarios:\n${listScenarios()}`)
    .argument('[scenario...]', 'those to run, in this order; all unless given', collectScenario, [])
    .option('--runs <n>', 'how often each is run', parseRuns, 3)
    .option('--out <file>', 'where the figures go', 'bench-results.json')
    .option('--quick', 'a short form that shows that the harness works; its figures mean nothing', false)
    .option('--seconds <n>', 'how long loads of a fixed rate last; 60 unless given', parseSeconds)
    .option('--systems <names>', 'only these of the systems a scenario is for, by commas', parseSystems)
    .option('--env <NAME=value>', 'a setting for the measured processes; repeatable', collectEnv, {})
    .option('--profiles <folder>', 'where the measured processes leave CPU profiles; they are slower then')
    .exitOverride();
  command.parse(argv, { from: 'user' });
  const chosen = command.processedArgs[0] as Scenario[];
  const { systems = null, profiles = null, seconds, ...options } = command.opts<Options>();
  const wanted = chosen.length > 0 ? chosen : scenarios;
  return {
    ...options,
    systems,
    profiles,
    scenarios: seconds === undefined ? wanted : wanted.map(lasting(seconds)),
  };
}

function collectScenario(name: string, chosen: Scenario[]): Scenario[] {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new InvalidArgumentError(`There is no scenario ${name}.`);
  return [...chosen, found];
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= 5 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('Give a number from 5 to 3600.');
}

/** A scenario whose load, if it has a fixed rate, lasts so long. */
function lasting(seconds: number): (scenario: Scenario) => Scenario {
  return (scenario) =>
    scenario.load.kind === 'rate'
      ? { ...scenario, load: { ...scenario.load, durationMs: seconds * 1_000 } }
      : scenario;
}

function parseRuns(value: string): number {
  const runs = Number(value);
  if (Number.isInteger(runs) && runs >= 1 && runs <= MAX_RUNS) return runs;
  throw new InvalidArgumentError(`Give a number from 1 to ${MAX_RUNS}.`);
}

function parseSystems(value: string): SystemName[] {
  return value.split(',').map((name) => {
    if (name in SYSTEMS) return name as SystemName;
    throw new InvalidArgumentError(
      `There is no system ${name}; there are ${Object.keys(SYSTEMS).join(', ')}.`,
    );
  });
}

function listScenarios(): string {
  return scenarios.map(({ name, title }) => `  ${name.padEnd(22)} ${title}`).join('\n');
}
