import fc from 'fast-check';
import type { Behaviour } from './call-log.ts';

/** What a script does while deliveries are under way. Records and workers are counted from 0. */
export type Step =
  /** Edits some records, each alone at the same time, or all in one write. */
  | { kind: 'write'; records: number[]; together: boolean }
  /** Several versions of one record at the same time. */
  | { kind: 'burst'; record: number; times: number }
  | { kind: 'pause' }
  | { kind: 'resume'; ratePerSecond: number | null }
  | { kind: 'disable' }
  | { kind: 'enable' }
  | { kind: 'edit'; initialMs: number }
  /** Lets so many calls come, if any come. */
  | { kind: 'listen'; calls: number }
  | { kind: 'startWorker' }
  | { kind: 'stopWorker' };

/** A random run: what the endpoint does, call by call, and what is done to it all meanwhile. */
export interface Script {
  records: number;
  behaviours: Behaviour[];
  steps: Step[];
}

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Behaviour>({ kind: 'answer', status: 200 }) },
  { weight: 4, arbitrary: fc.constant<Behaviour>({ kind: 'answer', status: 503 }) },
  { weight: 2, arbitrary: fc.constant<Behaviour>({ kind: 'answer', status: 404 }) },
  {
    weight: 4,
    arbitrary: fc
      .record({ status: fc.constantFrom(200, 503), afterMs: fc.integer({ min: 50, max: 300 }) })
      .map((answer): Behaviour => ({ kind: 'answer', ...answer })),
  },
  { weight: 2, arbitrary: fc.constant<Behaviour>({ kind: 'reset' }) },
  { weight: 1, arbitrary: fc.constant<Behaviour>({ kind: 'hang' }) },
);

function stepOf(records: number, withWorkers: boolean): fc.Arbitrary<Step> {
  const record = fc.nat({ max: records - 1 });
  const some = fc.uniqueArray(record, { minLength: 1, maxLength: records });
  const kinds: fc.WeightedArbitrary<Step>[] = [
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('write'), records: some, together: fc.boolean() }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('burst'), record, times: fc.integer({ min: 2, max: 5 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('listen'), calls: fc.integer({ min: 1, max: 4 }) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'pause' }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('resume'), ratePerSecond: fc.constantFrom(null, 20, 60) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'disable' }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'enable' }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('edit'), initialMs: fc.integer({ min: 1, max: 80 }) }),
    },
  ];
  if (withWorkers) {
    kinds.push(
      { weight: 1, arbitrary: fc.constant({ kind: 'startWorker' }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'stopWorker' }) },
    );
  }
  return fc.oneof(...kinds);
}

/** Random scripts of about 40 changes to three or four records. */
export function scripts({ withWorkers }: { withWorkers: boolean }): fc.Arbitrary<Script> {
  return fc.integer({ min: 3, max: 4 }).chain((records) =>
    fc.record({
      records: fc.constant(records),
      behaviours: fc.array(behaviour, { minLength: 30, maxLength: 60, size: 'max' }),
      steps: fc.array(stepOf(records, withWorkers), { minLength: 20, maxLength: 30, size: 'max' }),
    }),
  );
}
