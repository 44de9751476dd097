import { claimUnplanned, hasUnplanned } from '../services/changes/relay.ts';
import { toStartable } from '../services/changes/commit.ts';
import type { ServiceContext } from '../services/context.ts';
import type { Models } from '../models/models.ts';
import type { FastPath } from './fast-path.ts';
import { Alarm } from './alarm.ts';

export interface RelayOptions {
  services: Pick<ServiceContext, 'models' | 'clock'>;
  fastPath: FastPath;
  sweepEveryMs: number;
  onError: (error: unknown) => void;
}

const CLAIM_BATCH = 8;
const RESUME_MS = 1_000;

/**
 * Takes changes that no process has in hand, oldest first, onto the fast path of this one. A change stream wakes it, a
 * sweep every few seconds is behind it. Any number of relays share the work. Returns how to stop it.
 */
export function startRelay(options: RelayOptions): { stop: () => Promise<void> } {
  const alarm = new Alarm();
  const watch = watchUnclaimed(options, () => alarm.ring());
  const run = (async () => {
    while (!alarm.stopped) {
      try {
        await drain(options, alarm);
        await alarm.wait(options.sweepEveryMs);
      } catch (error) {
        options.onError(error);
        await alarm.wait(RESUME_MS);
      }
    }
  })();
  return {
    stop: async () => {
      options.fastPath.relayHasBacklog = false;
      alarm.stop();
      await watch.stop();
      await run;
    },
  };
}

async function drain({ services, fastPath }: RelayOptions, alarm: Alarm): Promise<void> {
  while (!alarm.stopped) {
    const reserved = fastPath.reserveForRelay(CLAIM_BATCH);
    if (reserved === 0) {
      fastPath.relayHasBacklog = await hasUnplanned(services);
      if (!fastPath.relayHasBacklog) return;
      // Not a race of two waits: the one that lost would go on, and take a later ring for itself.
      void fastPath.whenFreed().then(() => alarm.ring());
      await alarm.wait(Math.max(50, fastPath.pausedForMs));
      continue;
    }
    let used = 0;
    try {
      while (used < reserved) {
        const change = await claimUnplanned(services);
        if (!change) break;
        used += 1;
        fastPath.start([toStartable(change)]);
      }
    } finally {
      fastPath.release(reserved - used);
    }
    fastPath.relayHasBacklog = used === reserved;
    if (used < reserved) return;
  }
}

/** Rings on every change inserted unclaimed. A stream that breaks is opened again; the sweep covers the gap. */
function watchUnclaimed(
  { services, onError }: RelayOptions,
  ring: () => void,
): { stop: () => Promise<void> } {
  const pipeline = [
    {
      $match: {
        operationType: 'insert',
        'fullDocument.state': 'pending',
        'fullDocument.claimedUntil': null,
      },
    },
    { $project: { _id: 1 } },
  ];
  const alarm = new Alarm();
  let stream = open(services.models);
  function open(models: Models) {
    const opened = models.changes.collection.watch(pipeline, { maxAwaitTimeMS: 1_000 });
    opened.on('change', ring);
    opened.on('error', (error) => {
      if (alarm.stopped) return;
      onError(error);
      void reopen();
    });
    return opened;
  }
  async function reopen() {
    await stream.close().catch(() => undefined);
    await alarm.wait(RESUME_MS);
    if (alarm.stopped) return;
    stream = open(services.models);
    ring();
  }
  return {
    stop: async () => {
      alarm.stop();
      await stream.close().catch(() => undefined);
    },
  };
}
