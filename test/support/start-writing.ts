import type { Problem } from '../../src/contracts/problem.ts';
import type { WrittenRecord } from '../../src/contracts/record.ts';
import type { Client, Reply } from './client.ts';
import { until } from './until.ts';

/** One write of a stream, told from all others by its title, and how long its answer took. */
export interface StreamedWrite {
  title: string;
  reply: Reply<WrittenRecord | Problem>;
  tookMs: number;
}

/** A stream of writes under way. */
export interface WriteStream {
  writes: StreamedWrite[];
  /** Changes answered with 201. */
  accepted: () => string[];
  /** Waits until that many more are accepted than were at the call. */
  acceptMore: (count: number) => Promise<void>;
  /** Lets every writer finish its last write. */
  stop: () => Promise<void>;
}

const PAUSE_MS = 50;

/** Starts writers that create records of a table, each one after another, until they are stopped. */
export function startWriting(client: Client, tableId: string, writers: number): WriteStream {
  const writes: StreamedWrite[] = [];
  const stopped = new AbortController();
  const run = async (writer: number) => {
    for (let count = 0; !stopped.signal.aborted; count += 1) {
      const title = `${writer}.${count}`;
      const startedAt = performance.now();
      const path = `/v1/tables/${tableId}/records`;
      const reply = await client.call<WrittenRecord | Problem>('POST', path, {
        values: { Title: title },
      });
      writes.push({ title, reply, tookMs: performance.now() - startedAt });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const running = Promise.all(Array.from({ length: writers }, async (_, writer) => run(writer)));
  // A writer that fails is heard of at the stop.
  running.catch(() => undefined);
  const accepted = () =>
    writes.flatMap(({ reply: { status, body } }) =>
      status === 201 && 'changeId' in body && body.changeId !== null ? [body.changeId] : [],
    );
  return {
    writes,
    accepted,
    acceptMore: async (count) => {
      const goal = accepted().length + count;
      await until(async () => accepted().length >= goal, { what: `${count} writes` });
    },
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
