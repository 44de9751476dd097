import { claimUnplanned, hasUnplanned } from '../services/changes/relay.ts';
import type { ChangeDoc } from '../models/change.ts';
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

/** Changes taken in one go. */
const MAX_CLAIM = 100;
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
    const reserved = fastPath.reserveForRelay(MAX_CLAIM);
    // With enough in hand, changes are taken in large helpings, once there is room for one.
    if (reserved === 0 || (reserved < MAX_CLAIM && fastPath.isWaiting)) {
      fastPath.release(reserved);
      fastPath.relayHasBacklog ||= await hasUnplanned(services);
      if (!fastPath.relayHasBacklog) return;
      await alarm.wait(Math.max(50, fastPath.pausedForMs), fastPath.whenFreed());
      continue;
    }
    let changes: ChangeDoc[] = [];
    try {
      changes = await claimUnplanned(services, reserved);
      fastPath.start(changes);
    } finally {
      fastPath.release(reserved - changes.length);
    }
    fastPath.relayHasBacklog = changes.length === reserved;
    if (changes.length < reserved) return;
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
