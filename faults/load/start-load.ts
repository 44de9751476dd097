import { appendFileSync } from 'node:fs';
import { sleep } from '../../bench/sleep.ts';
import type { Random } from '../random.ts';
import { openBatchLane } from './batch-lane.ts';
import type { Ground } from './ground.ts';
import type { Lane } from './lane.ts';
import { openRecordLane } from './record-lane.ts';
import { openReportLane } from './report-lane.ts';
import { sendWrite } from './send-write.ts';
import type { EndedWrite, Outcome, Write } from './write.ts';

/** A load under way. */
export interface Load {
  /** Writes that have ended. */
  ended: () => EndedWrite[];
  /** Sends nothing new, and waits for what is under way: what may be repeated is, until it is answered. */
  stop: () => Promise<EndedWrite[]>;
}

export interface LoadOptions {
  apiUrl: string;
  apiKey: string;
  ground: Ground;
  /** Unlike any other load's on the same API: keys of requests begin with it. */
  name: string;
  random: Random;
  perSecond: number;
  /** Every write that has ended becomes a line of it, before it counts. */
  ledger: string;
}

const RECORD_LANES = 10;
const BATCH_LANES = 2;
const REPORT_LANES = 4;
const REPEAT_EVERY_MS = 500;
/** After the end of the load. */
const REPEAT_FOR_MS = 60_000;
/** Of one lane: beyond it the load leaves writes out, as users do who wait for an answer. */
const MOST_WAITING = 2;

/** Starts writing at a steady rate; what is written follows from the seed, and from what was answered. */
export function startLoad(options: LoadOptions): Load {
  const { random, perSecond, name: prefix } = options;
  const lanes = openLanes(options);
  const ended: EndedWrite[] = [];
  const stopping = new AbortController();
  let stopAt = Infinity;
  const turn = async ({ lane, name }: NamedLane, count: number) => {
    const write = lane.next(`${prefix}.${name}.${count}`);
    const outcome = await sendUntil(options, { write, until: () => Date.now() > stopAt });
    const line: EndedWrite = { ...write, at: Date.now(), outcome };
    appendFileSync(options.ledger, `${JSON.stringify(line)}\n`);
    ended.push(line);
    lane.ended(line);
  };
  const chains = lanes.map(() => ({ tail: Promise.resolve(), waiting: 0, count: 0 }));
  const beat = random.fork('beat');
  const run = async () => {
    while (!stopping.signal.aborted) {
      const index = beat.between(0, lanes.length - 1);
      const [lane, chain] = [lanes[index], chains[index]];
      if (lane && chain && chain.waiting < MOST_WAITING) {
        chain.count += 1;
        const { count } = chain;
        chain.waiting += 1;
        chain.tail = chain.tail
          .then(async () => turn(lane, count))
          .finally(() => {
            chain.waiting -= 1;
          });
      }
      await sleep((beat.between(50, 150) / 100) * (1_000 / perSecond));
    }
  };
  const running = run();
  return {
    ended: () => ended,
    stop: async () => {
      stopAt = Date.now() + REPEAT_FOR_MS;
      stopping.abort();
      await running;
      await Promise.all(chains.map(async ({ tail }) => tail));
      return ended;
    },
  };
}

interface NamedLane {
  name: string;
  lane: Lane;
}

function openLanes({ random, ground: { tables } }: LoadOptions): NamedLane[] {
  const open = (count: number, kind: string, make: (own: Random, name: string) => Lane): NamedLane[] =>
    Array.from({ length: count }, (_, index) => {
      const name = `${kind}${index + 1}`;
      return { name, lane: make(random.fork(name), name) };
    });
  return [
    ...open(RECORD_LANES, 'record', (own) => openRecordLane(own, tables.orders)),
    ...open(BATCH_LANES, 'batch', (own) => openBatchLane(own, tables.orders)),
    ...open(REPORT_LANES, 'report', (own, name) => openReportLane(own, { tableId: tables.reports, name })),
  ];
}

async function sendUntil(
  api: { apiUrl: string; apiKey: string },
  { write, until }: { write: Write; until: () => boolean },
): Promise<Outcome> {
  for (;;) {
    const outcome = await sendWrite(api, write);
    if (outcome.kind !== 'unknown' || !write.repeatable || until()) return outcome;
    await sleep(REPEAT_EVERY_MS);
  }
}
