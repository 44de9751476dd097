/** Resolves at the first Ctrl-C, or when the process or its terminal is to end. A second one ends it at once, with 130. */
export async function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    let interrupted = false;
    const onSignal = () => {
      if (interrupted) process.exit(130);
      interrupted = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}
