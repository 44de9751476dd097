import type { RetryResult, SettledResult } from '../src/contracts/workflow.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import { holdAgain } from '../src/services/deliveries/hold.ts';
import { lookAfter } from '../src/services/deliveries/look-after.ts';
import { countReleased } from '../src/services/line/progress.ts';
import type { CalledUp, CallUpInput } from './call-up.ts';
import { callUp } from './call-up.ts';
import type { ActivityDeps } from './deps.ts';
import { firstOf } from './first-of.ts';
import { endAttempt } from './make-attempt.ts';

/** Deliveries read to be called up in one go, at most, and at least where there was room for some. */
const BATCH = { most: 100, least: 16 };

/** The attempts that one step of a line makes, and what came of them. */
export class LineStep {
  /** By delivery: "200 from crm.example (attempt 1)". */
  readonly outcomes: Record<string, string> = {};
  released = 0;
  /** Rounds in a row for which there was no place. */
  inVain = 0;
  #lastSlotAt = new Date(0);
  #batch = BATCH.most;
  readonly #deps: ActivityDeps;
  readonly #webhookId: string;
  readonly #underWay = new Map<CalledUp, Promise<void>>();

  constructor(deps: ActivityDeps, webhookId: string) {
    this.#deps = deps;
    this.#webhookId = webhookId;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /**
   * How many to read for the next round: about as many as there was room for in the last. Of an ordered webhook all, since
   * the oldest may be those that have to wait.
   */
  batch({ delivery }: Pick<WebhookDoc, 'delivery'>): number {
    return delivery.order === 'record' ? BATCH.most : this.#batch;
  }

  /** Calls deliveries up and begins their attempts, each when its slot comes up. Answers how many. */
  async attempt(webhook: WebhookDoc, input: Omit<CallUpInput, 'webhook'>): Promise<number> {
    const called = await callUp(this.#deps, { webhook, ...input });
    for (const one of called) this.#begin(one);
    this.#lastSlotAt = called.at(-1)?.place.at ?? this.#lastSlotAt;
    this.released += called.length;
    const wanted = Math.min(BATCH.most, Math.max(BATCH.least, 2 * called.length));
    this.#batch = called.length === 0 ? 1 : wanted;
    if (called.length > 0) this.inVain = 0;
    await countReleased(this.#deps.services, webhook, called.length);
    return called.length;
  }

  /** Resolves when the last slot so far has come up: what is taken after that overtakes nothing. */
  async untilLastSlot(): Promise<void> {
    const waitMs = this.#lastSlotAt.getTime() - this.#deps.services.clock().getTime();
    if (waitMs > 0) await after(waitMs);
  }

  /** Resolves when an attempt under way ends, or after `maxMs`. */
  async whenOneEnds(maxMs: number): Promise<void> {
    await firstOf(this.#underWay.values(), maxMs);
  }

  /** Waits for what is under way, at most `maxMs`; what lasts longer gets a workflow of its own, which waits for it. */
  async end(maxMs: number): Promise<void> {
    await firstOf([Promise.all(this.#underWay.values())], maxMs);
    const { services, workflows } = this.#deps;
    const lasting = [...this.#underWay.keys()].map(({ attempt: { delivery } }) => delivery);
    for (const { _id } of lasting) this.outcomes[_id] = 'under way';
    await lookAfter({ models: services.models, workflows }, lasting);
  }

  #begin(called: CalledUp): void {
    const run = this.#run(called).finally(() => this.#underWay.delete(called));
    this.#underWay.set(called, run);
  }

  async #run({ attempt, place }: CalledUp): Promise<void> {
    const { services, onError, waker } = this.#deps;
    try {
      const waitMs = place.at.getTime() - services.clock().getTime();
      if (waitMs > 0) await after(waitMs);
      const result = await endAttempt(this.#deps, attempt, [place]);
      this.outcomes[attempt.delivery._id] = result.summary;
      await this.#passOn(attempt, result);
    } catch (error) {
      // The claim ends, and the reconciler finds out what became of it; its own workflow sees to what follows.
      onError(`line of ${this.#webhookId}`, error);
      await waker.lookAfter([{ ...attempt.delivery, open: false }]);
    } finally {
      place.end();
    }
  }

  /** Its workflow is told of the end; one that failed goes on hold again while the circuit is open, else has its own workflow. */
  async #passOn({ delivery }: CalledUp['attempt'], result: SettledResult | RetryResult): Promise<void> {
    const { services, workflows } = this.#deps;
    const open = result.kind === 'retry';
    if (open && (await holdAgain(services, delivery))) return;
    await lookAfter({ models: services.models, workflows }, [{ ...delivery, open }]);
  }
}

async function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
