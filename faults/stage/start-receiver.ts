import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Behaviour, LoggedCall, ReceiverCommand, ReceiverReport } from '../receiver/messages.ts';

/** The endpoint of all webhooks, in a process of its own. */
export interface ReceiverProcess {
  port: number;
  /** The signing secret of the webhook whose URL has this path. */
  learn: (path: string, secret: string) => Promise<void>;
  behave: (behaviour: Behaviour) => Promise<void>;
  /** Sets its clock this much ahead of the machine's; behind it when negative. */
  stepClock: (ms: number) => Promise<void>;
  /** What it got so far, in the order it came. */
  calls: () => Promise<LoggedCall[]>;
  stop: () => Promise<void>;
}

type Command = ReceiverCommand extends infer One ? (One extends unknown ? Omit<One, 'call'> : never) : never;

const PROGRAM = fileURLToPath(new URL('../receiver/main.ts', import.meta.url));

/** Starts the endpoint; its log is `received.jsonl`. */
export async function startReceiver(folder: string): Promise<ReceiverProcess> {
  const logPath = join(folder, 'received.jsonl');
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, logPath], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [ready] = (await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => Promise.reject(new Error(`the receiver ended with ${code}`))),
  ])) as [Extract<ReceiverReport, { type: 'ready' }>];
  const waiting = new Map<number, () => void>();
  child.on('message', (report: ReceiverReport) => {
    if (report.type === 'done') waiting.get(report.call)?.();
  });
  let calls = 0;
  const ask = async (command: Command) => {
    const call = ++calls;
    const done = new Promise<void>((resolve) => waiting.set(call, resolve));
    child.send({ ...command, call });
    await Promise.race([done, exited.then(() => Promise.reject(new Error('the receiver ended')))]);
    waiting.delete(call);
  };
  return {
    port: ready.port,
    learn: async (path, secret) => ask({ type: 'secret', path, secret }),
    behave: async (behaviour) => ask({ type: 'behave', behaviour }),
    stepClock: async (ms) => ask({ type: 'step-clock', ms }),
    calls: async () => {
      const lines = (await readFile(logPath, 'utf8')).split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as LoggedCall);
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
