import type { Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Readiness } from './api/mount-operations.ts';
import type { Models } from './models/models.ts';
import { shareInFlight } from './share-in-flight.ts';

/** How long either server is waited for. */
export const READINESS_DEADLINE_MS = 2_000;

export interface ReadinessOptions {
  models: Models;
  connection: Connection | NativeConnection;
  namespace: string;
}

/** Asks both servers, each for at most 2 s; once at a time, however many want to know. */
export function createReadiness({
  models,
  connection,
  namespace,
}: ReadinessOptions): () => Promise<Readiness> {
  return shareInFlight(async () => {
    const [mongodb, temporal] = await Promise.all([
      answers(async () => models.connection.db?.command({ ping: 1 }, { timeoutMS: READINESS_DEADLINE_MS })),
      answers(async () =>
        connection.withDeadline(Date.now() + READINESS_DEADLINE_MS, () =>
          connection.workflowService.describeNamespace({ namespace }),
        ),
      ),
    ]);
    return { mongodb, temporal };
  });
}

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await ask()) !== undefined;
  } catch {
    return false;
  }
}
