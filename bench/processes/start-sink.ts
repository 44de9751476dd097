import { once } from 'node:events';
import type { Arrival, SinkCounts } from '../sink/arrival.ts';
import type { Door } from '../sink/door.ts';
import type { SinkCommand, SinkReport } from '../sink/messages.ts';
import { compiled } from './compiled.ts';
import type { BenchProcess } from './start-process.ts';
import { startProcess } from './start-process.ts';

export interface SinkProcess extends Door {
  process: BenchProcess;
  url: string;
  counts: () => Promise<SinkCounts>;
  arrivals: () => Promise<Arrival[]>;
  reset: () => Promise<void>;
}

type SinkReportOf<T extends SinkCommand['type']> = SinkReport & { type: T };

const ANSWER_TIMEOUT_MS = 30_000;

/** Starts the sink and waits until it listens. */
export async function startSink(): Promise<SinkProcess> {
  const sink = await startProcess({ name: 'sink', args: [compiled('bench/sink/sink.js')] });
  const [ready] = (await once(sink.child, 'message')) as [Extract<SinkReport, { type: 'ready' }>];
  let calls = 0;
  const ask = async <T extends SinkCommand['type']>(type: T) => {
    const call = ++calls;
    const answered = awaitAnswer(sink, call);
    sink.send({ type, call } satisfies SinkCommand);
    // The sink answers a command with a report of the command's own type.
    return (await answered) as SinkReportOf<T>;
  };
  return {
    process: sink,
    url: `http://127.0.0.1:${ready.port}`,
    counts: async () => (await ask('counts')).counts,
    arrivals: async () => (await ask('arrivals')).arrivals,
    reset: async () => void (await ask('reset')),
    shut: async () => void (await ask('shut')),
    open: async () => void (await ask('open')),
  };
}

async function awaitAnswer(sink: BenchProcess, call: number): Promise<SinkReport> {
  const { child } = sink;
  return new Promise((resolve, reject) => {
    const onMessage = (report: SinkReport): void => {
      if (!('call' in report) || report.call !== call) return;
      end(() => resolve(report));
    };
    const onExit = () => end(() => reject(new Error(`the sink ended:\n${sink.lastLines()}`)));
    const timer = setTimeout(
      () => end(() => reject(new Error('the sink did not answer'))),
      ANSWER_TIMEOUT_MS,
    );
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      settle();
    };
    child.on('message', onMessage).on('exit', onExit);
  });
}
