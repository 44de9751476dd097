import { Command, InvalidArgumentError } from 'commander';
import { collectEnv } from '../collect-env.ts';
import type { WaitingPlan } from './plan.ts';

export interface WaitingArguments extends WaitingPlan {
  out: string;
  env: Record<string, string>;
  /** Where the measured process leaves CPU profiles; null: it is not profiled. */
  profiles: string | null;
}

const MOST = 2_000_000;

/** Reads the command line; says what is wrong with it, and ends, as commander does. */
export function parseArguments(argv: readonly string[]): WaitingArguments {
  const command = new Command('bench:waiting')
    .description('Parks deliveries of one paused webhook, holds them for simulated days, and lets them go.')
    .option('--count <n>', 'changes parked in batches of 1,000', wholeUpTo(MOST), 100_000)
    .option('--singles <n>', 'changes parked one at a time after that, at 2/s', wholeUpTo(5_000), 50)
    .option('--hold-seconds <n>', 'how long nothing happens', wholeUpTo(86_400), 60)
    .option('--slow-share <share>', 'of deliveries the endpoint takes 500 ms for, 0 to 1', share, 0)
    .option('--fail-share <share>', 'of deliveries the endpoint refuses once, 0 to 1', share, 0)
    .option('--out <file>', 'where the figures go', 'bench-waiting.json')
    .option('--env <NAME=value>', 'a setting for the measured process; repeatable', collectEnv, {})
    .option('--profiles <folder>', 'where it leaves CPU profiles; it is slower then')
    .exitOverride();
  command.parse(argv, { from: 'user' });
  const options = command.opts<Omit<WaitingArguments, 'profiles' | 'days'> & { profiles?: string }>();
  if (options.slowShare > 0 && options.failShare > 0) {
    command.error('An endpoint is either slow or refuses: give one of the two shares.');
  }
  return { ...options, days: 7, profiles: options.profiles ?? null };
}

function wholeUpTo(most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= 0 && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number up to ${most}.`);
  };
}

function share(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError('Give a number from 0 to 1.');
}
