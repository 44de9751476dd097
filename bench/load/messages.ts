import type { LoadPlan, Sample } from './load-plan.ts';

/** To the generator. */
export interface GeneratorCommand {
  type: 'run';
  plan: LoadPlan;
}

/** From the generator: how many requests were accepted so far, and at the end every sample. */
export type GeneratorReport =
  | { type: 'ready' }
  | { type: 'progress'; accepted: number }
  | { type: 'done'; samples: Sample[] }
  | { type: 'failed'; message: string };
