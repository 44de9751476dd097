import type { OfferContext } from './offer.ts';
import { offer } from './offer.ts';

/** A rate that was tried, and what was left to do when its last request was answered. */
export interface TriedRate {
  perSecond: number;
  backlog: number;
  sustained: boolean;
}

const FIRST = 100;
const STEP = 100;
const MOST = 3_000;
/** A rate is kept up with when what is left at its end is less than came in this time. */
const KEPT_UP_SECONDS = 0.5;

/** Offers higher and higher rates, each until all of it arrived, up to the first one that is not kept up with. */
export async function findSustainable(
  context: OfferContext,
  { seconds, say }: { seconds: number; say: (line: string) => void },
): Promise<TriedRate[]> {
  const tried: TriedRate[] = [];
  for (let perSecond = FIRST; perSecond <= MOST; perSecond += STEP) {
    const { samples, backlog } = await offer(context, { perSecond, seconds, salt: perSecond * 1_000_000 });
    const refused = samples.filter(({ status }) => status !== 200).length;
    const sustained = refused === 0 && backlog <= perSecond * KEPT_UP_SECONDS;
    tried.push({ perSecond, backlog, sustained });
    say(`${perSecond}/s: ${sustained ? 'kept up with' : 'too much'}, ${backlog} left, ${refused} refused`);
    if (!sustained) break;
  }
  return tried;
}
