import type { ReplayInput, ReplayStepResult, WakeInput, WakeStepResult } from '../src/contracts/workflow.ts';
import { MOST_COUNTED } from '../src/domain/most-counted.ts';
import { toReadableTime } from '../src/domain/readable-time.ts';
import { count, plain } from './markdown.ts';

/** The current details of the workflow of a webhook's line, in markdown: whose it is, what it did, and what comes next. */
export function describeLine({ webhookId }: WakeInput, step: WakeStepResult): string {
  const { webhook, waiting, summary, next } = step;
  const name = webhook
    ? `**${plain(webhook.name)}** (${webhook.method} ${plain(webhook.host)}), webhook`
    : 'webhook';
  return [
    `The line of ${name} \`${webhookId}\`: its deliveries that are held back`,
    '',
    `- last step: ${plain(summary)}`,
    ...(waiting === undefined ? [] : [`- ${countWaiting(waiting)}`]),
    `- next: ${nextOf(next)}`,
    '',
    '**What now**',
    '',
    `- how the endpoint fares: \`GET /v1/webhooks/${webhookId}/health\``,
    `- what waits, and why: \`GET /v1/deliveries?webhookId=${webhookId}&state=waiting\``,
  ].join('\n');
}

function countWaiting(waiting: number): string {
  const least = waiting >= MOST_COUNTED ? 'at least ' : '';
  return `waiting: ${least}${count(waiting, 'delivery', 'deliveries')}`;
}

function nextOf(next: WakeStepResult['next']): string {
  if (next.kind === 'again') return 'another step, at once';
  if (next.kind === 'wait') return `another step at ${toReadableTime(next.at)}, or when something changes`;
  return 'nothing to do; another run begins when there is';
}

/** The current details of the workflow of a replay, in markdown: whose deliveries, how far it came, and what comes next. */
export function describeReplay(
  { replayId }: ReplayInput,
  { webhook, summary, next }: ReplayStepResult,
): string {
  const whose = webhook ? ` of the webhook \`${webhook.id}\`` : '';
  return [
    `The replay \`${replayId}\`: puts deliveries in the line${whose}, to be sent again or for the first time`,
    '',
    `- ${plain(summary)}`,
    `- next: ${next.kind === 'done' ? 'nothing, it has ended' : 'the next batch'}`,
    '',
    '**What now**',
    '',
    ...(webhook ? [`- they are sent from the line: workflow \`wake/${webhook.id}\``] : []),
    `- how it stands, and to end it: \`GET /v1/replays/${replayId}\`, \`POST …/cancel\``,
  ].join('\n');
}
