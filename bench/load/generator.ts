import type { GeneratorCommand, GeneratorReport } from './messages.ts';
import { runLoad } from './run-load.ts';

/** The load generator: a process of its own, so that what it costs and when it is late are its own. Ends with its parent. */
const REPORT_EVERY_MS = 20;

const report = (message: GeneratorReport): void => void process.send?.(message);

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.on('message', (command: GeneratorCommand) => {
  let accepted = 0;
  const timer = setInterval(() => report({ type: 'progress', accepted }), REPORT_EVERY_MS);
  const count = () => {
    accepted += 1;
  };
  runLoad(command.plan, count)
    .then(
      (samples) => report({ type: 'done', samples }),
      (error: unknown) => report({ type: 'failed', message: String(error) }),
    )
    .finally(() => clearInterval(timer));
});
report({ type: 'ready' });
