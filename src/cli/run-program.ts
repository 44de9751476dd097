import { CommanderError } from 'commander';
import { AppError } from '../errors.ts';
import { CliError, EXIT } from './cli-error.ts';
import { createProgram } from './create-program.ts';
import { printable } from './format.ts';

/** Runs the command line to its end and answers the exit code. What went wrong is on stderr by then. */
export async function runProgram(argv: string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv);
    return EXIT.ok;
  } catch (error) {
    // Commander has said it itself; help and version that were asked for are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const shown = describe(error);
    if (shown !== '') process.stderr.write(`tablehook: ${printable(shown)}\n`);
    return error instanceof CliError ? error.exitCode : EXIT.refused;
  }
}

function describe(error: unknown): string {
  if (error instanceof AppError || error instanceof CliError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
