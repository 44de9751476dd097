import type { Fault } from '../fault.ts';
import type { Behaviour } from '../receiver/messages.ts';

const MISBEHAVIOURS: Partial<Record<Behaviour, { name: string; sentence: string }>> = {
  error: { name: 'endpoint-fails', sentence: 'The endpoint answers 500.' },
  hang: { name: 'endpoint-hangs', sentence: 'The endpoint takes calls and never answers.' },
  'reset-before': {
    name: 'endpoint-resets-early',
    sentence: 'The endpoint resets connections before it has read the body.',
  },
  'reset-after': {
    name: 'endpoint-resets-late',
    sentence: 'The endpoint reads the body, then resets the connection without an answer.',
  },
  'no-http': {
    name: 'endpoint-garbles',
    sentence: 'The endpoint answers with random bytes that are no HTTP.',
  },
  endless: { name: 'endpoint-floods', sentence: 'The endpoint answers 200 with a body that never ends.' },
  trickle: {
    name: 'endpoint-trickles',
    sentence: 'The endpoint answers 200 with a byte every half second, for ever.',
  },
  lie: {
    name: 'endpoint-lies',
    sentence: 'The endpoint answers 200, promises 1,000 bytes and closes after ten.',
  },
};

/** Endpoints that answer as no endpoint should. */
export const ENDPOINT_MISBEHAVES: readonly Fault[] = Object.entries(MISBEHAVIOURS).map(
  ([behaviour, { name, sentence }]) => ({
    name,
    sentence,
    stage: 'single',
    lastsMs: [4_000, 15_000],
    inject: async ({ receiver }) => {
      // The keys are those of the record above.
      await receiver.behave(behaviour as Behaviour);
      return async () => receiver.behave('ok');
    },
  }),
);
