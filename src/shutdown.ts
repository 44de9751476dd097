import type { Logger } from 'pino';

/** One thing to close, and what it is called in a log. */
export interface Closable {
  name: string;
  close: () => Promise<void>;
}

/** Closes in the order given, each to its end; one that fails is logged and does not keep the rest open. */
export async function closeAll(closables: readonly Closable[], logger: Logger): Promise<void> {
  for (const { name, close } of closables) {
    try {
      await close();
      logger.debug({ closed: name }, 'closed');
    } catch (error) {
      logger.error({ err: error, closing: name }, 'could not be closed cleanly');
    }
  }
}

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once, with status 130. */
export async function untilSignalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let signalled = false;
    const onSignal = (signal: NodeJS.Signals) => {
      if (signalled) process.exit(130);
      signalled = true;
      resolve(signal);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
