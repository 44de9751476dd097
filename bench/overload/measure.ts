import { nowMs } from '../clock.ts';
import type { Sample } from '../load/load-plan.ts';
import { toPercentiles } from '../measure/percentiles.ts';
import type { Role, UsageByRole } from '../processes/watch-usage.ts';
import { watchUsage } from '../processes/watch-usage.ts';
import { sleep } from '../sleep.ts';
import type { OverloadArguments } from './arguments.ts';
import { findSustainable } from './find-sustainable.ts';
import type { Offered, OfferContext } from './offer.ts';
import { offer } from './offer.ts';
import type { LightFigures, Moment, OverloadFigures } from './result.ts';

export interface MeasureOverloadInput extends OfferContext {
  args: Pick<OverloadArguments, 'rate' | 'minutes' | 'searchSeconds'>;
  /** Processes whose memory is watched. */
  roles: Role[];
  say: (line: string) => void;
}

const LIGHT = { perSecond: 40, seconds: 10 };
const MOMENT_EVERY_MS = 1_000;
const TELL_EVERY = 15;

/** Light load, the search, twice the rate, the way back, and light load again. */
export async function measureOverload(input: MeasureOverloadInput): Promise<OverloadFigures> {
  const { args, say } = input;
  await offer(input, { ...LIGHT, salt: 0 });
  const before = toLight(await offer(input, { ...LIGHT, salt: 1_000_000 }));
  const tried = args.rate === null ? await findSustainable(input, { seconds: args.searchSeconds, say }) : [];
  const offeredPerSecond = args.rate ?? 2 * sustainable(tried);
  const seconds = args.minutes * 60;
  say(`offering ${offeredPerSecond}/s for ${seconds} s`);
  const { offered: overload, ...watched } = await watchMoments(input, async (onProgress) =>
    offer(input, { perSecond: offeredPerSecond, seconds, salt: 10_000_000_000, onProgress }),
  );
  say('light load again');
  const after = toLight(await offer(input, { ...LIGHT, salt: 20_000_000_000 }));
  const { samples, figures } = overload;
  return {
    ...{ minutes: args.minutes, tried, offeredPerSecond, before, after },
    ...summarizeAnswers(samples),
    accepted: samples.reduce((sum, { changeIds }) => sum + changeIds.length, 0),
    lost: figures.lost,
    duplicated: figures.duplicated,
    backlogAtEnd: overload.backlog,
    recoverySeconds: (overload.settledAt - overload.endedAt) / 1000,
    ...watched,
  };
}

function sustainable(tried: OverloadFigures['tried']): number {
  const best = tried.findLast(({ sustained }) => sustained);
  if (!best) throw new Error('not even the first rate of the search was kept up with');
  return best.perSecond;
}

function toLight({ samples, figures }: Offered): LightFigures {
  return {
    answerMs: toPercentiles(samples.map(({ dueAt, answeredAt }) => answeredAt - dueAt)),
    arrivalMs: figures.requestToLastMs,
  };
}

function summarizeAnswers(samples: readonly Sample[]) {
  const answers: Record<string, number> = {};
  for (const { status } of samples) answers[status] = (answers[status] ?? 0) + 1;
  const taken = samples.filter(({ status }) => status === 200);
  const refused = samples.filter(({ status }) => status === 429 || status === 503);
  return {
    answers,
    refusedWithoutRetryAfter: refused.filter(({ retryAfter }) => !retryAfter).length,
    answerMs: toPercentiles(taken.map(({ sentAt, answeredAt }) => answeredAt - sentAt)),
  };
}

/** Watches memory while something is offered, and once a second where things stand. */
async function watchMoments(
  { roles, sink, say }: MeasureOverloadInput,
  run: (onProgress: (accepted: number) => void) => Promise<Offered>,
) {
  const startedAt = nowMs();
  const timeline: Moment[] = [];
  let accepted = 0;
  let rssBytes: Record<string, number> = {};
  let first: Record<string, number> | null = null;
  const usage = await watchUsage(roles, (sampled) => {
    rssBytes = sampled;
    first ??= sampled;
  });
  const over = new AbortController();
  const look = async () => {
    for (;;) {
      await sleep(MOMENT_EVERY_MS, over.signal);
      const atSeconds = (nowMs() - startedAt) / 1000;
      const { distinct } = await sink.counts();
      timeline.push({ atSeconds, accepted, arrived: distinct, rssBytes });
      if (timeline.length % TELL_EVERY === 0)
        say(`${atSeconds.toFixed(0)} s: ${accepted - distinct} to deliver`);
    }
  };
  // It ends with what it watches; a sink that fails is told of by that.
  const looking = look().catch(() => undefined);
  try {
    const offered = await run((count) => {
      accepted = count;
    });
    return { offered, timeline, rssBytesBefore: first ?? {}, peakRssBytes: toPeaks(await usage.stop()) };
  } finally {
    over.abort();
    await looking;
    await usage.stop();
  }
}

function toPeaks(usage: UsageByRole): Record<string, number> {
  return Object.fromEntries(Object.entries(usage).map(([role, { peakRssBytes }]) => [role, peakRssBytes]));
}
