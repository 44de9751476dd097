import { Command, InvalidArgumentError, Option } from 'commander';
import { collectEnv } from '../collect-env.ts';
import type { WaitingPlan } from './plan.ts';

export interface WaitingArguments extends WaitingPlan {
  out: string;
  env: Record<string, string>;
  /** Where the measured process leaves CPU profiles; null: it is not profiled. */
  profiles: string | null;
}

const MOST = 2_000_000;
/** The reconciler looks every 10 s. */
const PACE = { days: 7, stepHours: 6, stepSeconds: 11 };

/** Reads the command line; says what is wrong with it, and ends, as commander does. */
export function parseArguments(argv: readonly string[]): WaitingArguments {
  const command = new Command('bench:waiting')
    .description('Parks deliveries of one webhook, holds them for simulated days, and lets them go.')
    .option('--count <n>', 'changes parked in batches of 1,000', wholeUpTo(MOST), 100_000)
    .option('--singles <n>', 'changes parked one at a time after that, at 2/s', wholeUpTo(5_000), 50)
    .option('--hold-seconds <n>', 'how long nothing happens', wholeUpTo(86_400), 60)
    .addOption(
      new Option('--held-by <what>', 'what makes them wait').choices(['paused', 'down']).default('paused'),
    )
    .option(
      '--lead <n>',
      'down: changes written over 12 s, until the circuit is open, before all others',
      wholeUpTo(MOST),
      0,
    )
    .option('--probes-a-day <n>', 'down: probes in a simulated day, 288 in life', wholeUpTo(288), 24)
    .addOption(
      new Option('--back-by <what>', 'down: what notices that the endpoint answers again')
        .choices(['probe', 'resume', 'itself'])
        .default('probe'),
    )
    .option('--slow-share <share>', 'of deliveries the endpoint takes 500 ms for, 0 to 1', share, 0)
    .option('--fail-share <share>', 'of deliveries the endpoint refuses once, 0 to 1', share, 0)
    .option('--out <file>', 'where the figures go', 'bench-waiting.json')
    .option('--env <NAME=value>', 'a setting for the measured process; repeatable', collectEnv, {})
    .option('--profiles <folder>', 'where it leaves CPU profiles; it is slower then')
    .exitOverride();
  command.parse(argv, { from: 'user' });
  const options = command.opts<
    Omit<WaitingArguments, 'profiles' | keyof typeof PACE> & { profiles?: string }
  >();
  if (options.slowShare > 0 && options.failShare > 0) {
    command.error('An endpoint is either slow or refuses: give one of the two shares.');
  }
  return { ...options, ...PACE, profiles: options.profiles ?? null };
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
