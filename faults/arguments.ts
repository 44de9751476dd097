import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { FAULTS } from './all-faults.ts';
import type { Fault } from './fault.ts';

export interface FaultArguments {
  faults: readonly Fault[];
  seed: number;
  /** Faults go on in rounds for so long; null: each once. */
  minutes: number | null;
  perSecond: number;
  /** Whether the report is written. */
  write: boolean;
}

interface Options {
  seed?: number;
  only?: Fault[];
  minutes?: number;
  rate: number;
  write: boolean;
}

/** Reads the command line; says what is wrong with it, and ends, as commander does. */
export function parseArguments(argv: readonly string[]): FaultArguments {
  const command = new Command('test:faults')
    .description(`Injects faults under load and accounts for every accepted change.\n\nFaults:\n${list()}`)
    .option('--seed <n>', 'of all chance; one that is printed, unless given', wholeNumber(0, 2 ** 31))
    .option('--only <names>', 'only these, by commas', parseFaults)
    .option(
      '--minutes <n>',
      'goes on in rounds for so long; each fault once unless given',
      wholeNumber(1, 1_440),
    )
    .option('--rate <n>', 'writes per second', wholeNumber(1, 500), 20)
    .option('--write', 'writes docs/reliability.md, which is of all faults', false)
    .exitOverride();
  command.parse(argv, { from: 'user' });
  const { seed = randomInt(2 ** 31), only = FAULTS, minutes = null, rate, write } = command.opts<Options>();
  if (write && only !== FAULTS) command.error('--write is for a run of all faults: leave out --only.');
  return { faults: only, seed, minutes, perSecond: rate, write };
}

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

function parseFaults(value: string): Fault[] {
  return value.split(',').map((name) => {
    const found = FAULTS.find((fault) => fault.name === name);
    if (!found) throw new InvalidArgumentError(`There is no fault ${name}.`);
    return found;
  });
}

function list(): string {
  return FAULTS.map(({ name, sentence }) => `  ${name.padEnd(26)} ${sentence}`).join('\n');
}
