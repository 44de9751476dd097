import type { SharedAttemptsResult } from '../src/contracts/workflow.ts';
import { count, plain } from './markdown.ts';

/**
 * The current details of a shared workflow: how many of its changes are done with, and a line per change, those first that
 * are not.
 */
export function describeShared({ changes, troubled, held = [] }: SharedAttemptsResult): string {
  const entries = Object.entries(changes);
  const lines = entries.map(([changeId, line]) => {
    const isTroubled = troubled.includes(changeId);
    const where = isTroubled ? ' · **goes on in a workflow of its own**' : '';
    const text = `- ${plain(line)} · \`${changeId}\`${where}`;
    return { text, rank: isTroubled ? 0 : held.includes(changeId) ? 1 : 2 };
  });
  const counts = [
    `${entries.length - troubled.length - held.length} done with`,
    ...(troubled.length > 0
      ? [`${troubled.length} with a workflow of ${troubled.length === 1 ? 'its' : 'their'} own`]
      : []),
    ...(held.length > 0 ? [`${held.length} waiting`] : []),
  ];
  return [
    `**${count(entries.length, 'record change')}** that waited together: ${counts.join(', ')}`,
    '',
    ...lines.toSorted((a, b) => a.rank - b.rank).map(({ text }) => text),
    ...adviceOf({ troubled, held }),
  ].join('\n');
}

function adviceOf({ troubled, held }: { troubled: string[]; held: string[] }): string[] {
  const advices = [
    ...(troubled.length > 0 ? ['- *in a workflow of its own*: its id is the id of the change'] : []),
    ...(held.length > 0
      ? ['- *waiting*: in the line of its webhook, workflow `wake/{webhookId}`, or behind an earlier change']
      : []),
  ];
  if (advices.length === 0) return [];
  return ['', '**What now**', '', ...advices, '- how a change stands now: `GET /v1/changes/{changeId}`'];
}
