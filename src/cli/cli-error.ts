import type { Problem } from '../contracts/problem.ts';

/** How a command ends. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

/** Ends the program with one message on stderr and no stack. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.exitCode = exitCode;
  }
}

/** What was typed cannot be done; the message says what to type instead. */
export class UsageError extends CliError {
  constructor(message: string, options?: { cause?: unknown }) {
    super(EXIT.usage, message, options);
  }
}

/** The server answered, and not with success; `problem` is its document when it sent one. */
export class RefusedError extends CliError {
  readonly status: number;

  constructor(status: number, message: string, problem?: Problem) {
    super(EXIT.refused, problem ? describeProblem(problem) : message);
    this.status = status;
  }
}

/** Nobody answered at the address. */
export class UnreachableError extends CliError {
  constructor(message: string, options?: { cause?: unknown }) {
    super(EXIT.unreachable, message, options);
  }
}

function describeProblem({ title, status, detail, errors, requestId }: Problem): string {
  const faults = errors.map(({ path, message }) => `${path}: ${message}`);
  // The detail of a problem ends with its first fault, which has a line of its own here.
  const [first] = faults;
  const told =
    first !== undefined && detail.endsWith(` ${first}.`) ? detail.slice(0, -first.length - 2) : detail;
  return [
    `${title} (${status}). ${told}`,
    ...faults.map((fault) => `  ${fault}`),
    `  request ${requestId}`,
  ].join('\n');
}
