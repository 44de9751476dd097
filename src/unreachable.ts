import { AppError } from './errors.ts';

/** Turns a failed connection at start into one line that names the server and the variable; credentials are left out. */
export function unreachable(server: 'MongoDB' | 'Temporal', address: string): (cause: unknown) => never {
  const variable = server === 'MongoDB' ? 'MONGODB_URI' : 'TEMPORAL_ADDRESS';
  return (cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      'unavailable',
      `Cannot connect to ${server} at ${hostsOf(address)}: ${reason}. Is it running, and ${variable} right?`,
      { cause },
    );
  };
}

/** The hosts of a connection string, or the address itself. */
function hostsOf(address: string): string {
  return address.replace(/^mongodb(?:\+srv)?:\/\/(?:.*@)?([^/?]*).*$/s, '$1');
}
