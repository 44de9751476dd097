import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program of this folder that runs in a network namespace and answers one question at a time. */
export interface Program<Question, Answer> {
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const ANSWER_MS = 45_000;

/** Starts it; resolves once it is ready. Rejects, as each question does, when it ends or says nothing for long. */
export async function startProgram<Question, Answer>(
  name: string,
  { namespace, env = {} }: { namespace: string; env?: Record<string, string> },
): Promise<Program<Question, Answer>> {
  const args = ['netns', 'exec', namespace, process.execPath, '--import', 'tsx', `test/network/${name}.ts`];
  const child = spawn('ip', args, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await nextMessage(child, START_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async ask(question) {
      child.send(question as object);
      return (await nextMessage(child, ANSWER_MS)) as Answer;
    },
    stop,
  };
}

async function nextMessage(child: ChildProcess, timeoutMs: number): Promise<unknown> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(timeoutMs)]);
  const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error('the program ended')));
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as unknown[];
    return message;
  } finally {
    ended.catch(() => undefined);
    over.abort();
  }
}
