import type { ReportChangesResult } from '../../src/contracts/change.ts';
import type { BatchResult, WrittenRecord } from '../../src/contracts/record.ts';
import type { AcceptedChange, Write } from './write.ts';

/** The changes that a 2xx names, in the order they were asked for. Throws when it names none for one of them. */
export function readAccepted(
  { changes, path }: Write,
  { headers }: Response,
  text: string,
): AcceptedChange[] {
  const named = text === '' ? [headers.get('tablehook-change-id')] : changeIdsIn(text);
  const created = text === '' ? [] : recordIdsIn(text);
  return changes.map(({ recordId }, index) => {
    const changeId = named[index];
    const id = recordId ?? created[index];
    if (typeof changeId === 'string' && typeof id === 'string') return { changeId, recordId: id };
    throw new Error(`The answer to ${path} names no change ${index}: ${text}`);
  });
}

// The shapes are those of the routes the load calls.
type Answer = BatchResult | ReportChangesResult | WrittenRecord;

function changeIdsIn(text: string): (string | null)[] {
  const answer = JSON.parse(text) as Answer;
  return 'results' in answer ? answer.results.map(({ changeId }) => changeId) : [answer.changeId];
}

function recordIdsIn(text: string): (string | undefined)[] {
  const answer = JSON.parse(text) as Answer;
  if (!('results' in answer)) return [answer.id];
  return answer.results.map((result) => ('record' in result ? result.record?.id : undefined));
}
