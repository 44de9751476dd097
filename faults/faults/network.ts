import type { Fault } from '../fault.ts';
import type { LinkName } from '../stage/stage.ts';
import { linkOf } from '../stage/stage.ts';

const LINKS: Record<LinkName, string> = {
  'api-mongodb': 'the API and MongoDB',
  'worker-mongodb': 'the workers and MongoDB',
  'api-temporal': 'the API and Temporal',
  'worker-temporal': 'the workers and Temporal',
  'worker-endpoint': 'the workers and the endpoint',
};

const MODES = {
  cut: 'is cut: connections are reset, new ones too',
  freeze: 'freezes: connections stay and nothing comes through, either way',
} as const;

/** Each link between two parts, cut and frozen. */
export const NETWORK: readonly Fault[] = Object.entries(LINKS).flatMap(([name, between]) =>
  Object.entries(MODES).map(([mode, how]): Fault => ({
    name: `${mode}-${name}`,
    sentence: `The network between ${between} ${how}.`,
    stage: 'single',
    lastsMs: [4_000, 15_000],
    inject: async (stage) => {
      // The keys are those of the records above.
      const link = linkOf(stage, name as LinkName);
      link[mode as keyof typeof MODES]();
      return async () => link.heal();
    },
  })),
);
