import { Command, InvalidArgumentError } from 'commander';
import { collectEnv } from '../collect-env.ts';

const SYSTEM_NAMES = ['tablehook', 'workers-1', 'workers-2', 'workers-4'] as const;
export type OverloadSystem = (typeof SYSTEM_NAMES)[number];

export interface OverloadArguments {
  /** One after the other, each on servers and data of its own. */
  systems: OverloadSystem[];
  /** Writes per second; null: twice what is found to be sustainable. */
  rate: number | null;
  minutes: number;
  /** How long each rate of the search is offered. */
  searchSeconds: number;
  out: string;
  env: Record<string, string>;
}

/** Reads the command line; says what is wrong with it, and ends, as commander does. */
export function parseArguments(argv: readonly string[]): OverloadArguments {
  const command = new Command('bench:overload')
    .description(
      'Finds the write rate that Tablehook keeps up with, offers twice as much, and watches it recover.',
    )
    .option('--systems <names>', `of ${SYSTEM_NAMES.join(', ')}`, parseSystems, ['tablehook', 'workers-1'])
    .option('--rate <n>', 'writes per second to offer; spares the search', positive)
    .option('--minutes <n>', 'for how long', positive, 5)
    .option('--search-seconds <n>', 'how long each rate of the search is offered', positive, 20)
    .option('--out <file>', 'where the figures go', 'bench-overload.json')
    .option('--env <NAME=value>', 'a setting for the measured processes; repeatable', collectEnv, {})
    .exitOverride();
  command.parse(argv, { from: 'user' });
  const { rate = null, ...options } = command.opts<Omit<OverloadArguments, 'rate'> & { rate?: number }>();
  return { ...options, rate };
}

function positive(value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('Give a number above 0.');
}

function parseSystems(value: string): OverloadSystem[] {
  return value.split(',').map((given) => {
    const found = SYSTEM_NAMES.find((name) => name === given);
    if (found) return found;
    throw new InvalidArgumentError(`There is no system ${given}; there are ${SYSTEM_NAMES.join(', ')}.`);
  });
}
