/** How the endpoint meets every call. */
export const BEHAVIOURS = [
  'ok',
  'error',
  'hang',
  'reset-before',
  'reset-after',
  'no-http',
  'endless',
  'trickle',
  'lie',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** What the receiver is told; it answers each command with its number. */
export type ReceiverCommand = { call: number } & (
  | { type: 'secret'; path: string; secret: string }
  | { type: 'behave'; behaviour: Behaviour }
  /** Its clock from now on: this much ahead of the machine's. */
  | { type: 'step-clock'; ms: number }
);

export type ReceiverReport = { type: 'ready'; port: number } | { type: 'done'; call: number };

/** One call whose body came whole, as a line of the log, written before it was answered. */
export interface LoggedCall {
  /** Of the machine's clock, in milliseconds since 1970. */
  at: number;
  /** `webhook-id` */
  id: string;
  attempt: number | null;
  path: string;
  webhookId: string;
  changeId: string;
  recordId: string;
  version: number;
  /** SHA-256 of the bytes. */
  hash: string;
  /** Whether the signature is right, and fresh by the receiver's clock; else why not. */
  signature: 'valid' | (string & {});
  /** The status it was going to be told; null when it was told none. */
  said: number | null;
}
