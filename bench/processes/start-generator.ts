import { once } from 'node:events';
import type { LoadPlan, Sample } from '../load/load-plan.ts';
import type { GeneratorCommand, GeneratorReport } from '../load/messages.ts';
import { compiled } from './compiled.ts';
import type { BenchProcess } from './start-process.ts';
import { startProcess } from './start-process.ts';

export interface RunPlanOptions {
  /** Rejects at once when it fires; the load itself ends with the process. */
  signal: AbortSignal;
  onProgress?: (accepted: number) => void;
}

export interface Generator {
  process: BenchProcess;
  /** Sends a load to its end. `onProgress` hears, again and again, how many requests were accepted so far. */
  run: (plan: LoadPlan, options: RunPlanOptions) => Promise<Sample[]>;
}

/** Starts a load generator and waits for it. */
export async function startGenerator(): Promise<Generator> {
  const process = await startProcess({ name: 'generator', args: [compiled('bench/load/generator.js')] });
  await once(process.child, 'message');
  return { process, run: async (plan, options) => runPlan(process, plan, options) };
}

async function runPlan(
  generator: BenchProcess,
  plan: LoadPlan,
  { signal, onProgress }: RunPlanOptions,
): Promise<Sample[]> {
  const { child } = generator;
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      child.off('message', onMessage).off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason as Error));
    const onExit = () => end(() => reject(new Error(`the generator ended:\n${generator.lastLines()}`)));
    const onMessage = (report: GeneratorReport): void => {
      if (report.type === 'progress') onProgress?.(report.accepted);
      if (report.type === 'failed') end(() => reject(new Error(report.message)));
      if (report.type === 'done') end(() => resolve(report.samples));
    };
    child.on('message', onMessage).on('exit', onExit);
    signal.throwIfAborted();
    signal.addEventListener('abort', onAbort);
    generator.send({ type: 'run', plan } satisfies GeneratorCommand);
  });
}
