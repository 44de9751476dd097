import type { ServerResponse } from 'node:http';
import type { Answer, Received, Receiver } from './receiver.ts';
import { startReceiver } from './receiver.ts';

/** How an endpoint meets one call. */
export type Behaviour =
  | { kind: 'answer'; status: number; afterMs?: number }
  /** Breaks the connection. */
  | { kind: 'reset' }
  /** Never answers. */
  | { kind: 'hang' };

/** One call as the endpoint saw it; times in milliseconds since the epoch. */
export interface LoggedCall {
  webhookId: string;
  deliveryId: string;
  recordId: string;
  version: number;
  startedAt: number;
  /** When it was answered, or cut by either side; null while it lasts. */
  endedAt: number | null;
  status: number | null;
}

/** A real local endpoint that keeps a log of its calls and behaves by script. */
export interface CallLog {
  url: string;
  calls: LoggedCall[];
  /** Behaviours for the next calls, in order; when they are used up, those of `always`. */
  next: (...behaviours: Behaviour[]) => void;
  /** How calls are met that have no other behaviour; with 200 at first. Forgets what `next` was told. */
  always: (behaviour: Behaviour) => void;
  /** Versions of a record in the order their calls began. */
  versionsOf: (recordId: string) => number[];
  /** Answers the calls that hang. */
  answerHanging: (status: number) => void;
  close: () => Promise<void>;
}

/** Starts such an endpoint on a free loopback port. */
export async function startCallLog(): Promise<CallLog> {
  const receiver = await startReceiver();
  const calls: LoggedCall[] = [];
  const hanging = new Map<LoggedCall, ServerResponse>();
  let script: Behaviour[] = [];
  let always: Behaviour = { kind: 'answer', status: 200 };
  receiver.answerAlways(
    log(receiver, (call, response) => {
      calls.push(call);
      const behaviour = script.shift() ?? always;
      if (behaviour.kind === 'hang') hanging.set(call, response);
      else behave(behaviour, call, response);
    }),
  );
  return {
    url: receiver.url,
    calls,
    next: (...behaviours) => void script.push(...behaviours),
    always: (behaviour) => {
      script = [];
      always = behaviour;
    },
    versionsOf: (recordId) =>
      calls.filter((call) => call.recordId === recordId).map(({ version }) => version),
    answerHanging: (status) => {
      for (const [call, response] of hanging) answer(call, response, status);
      hanging.clear();
    },
    close: receiver.close,
  };
}

function log(receiver: Receiver, meet: (call: LoggedCall, response: ServerResponse) => void): Answer {
  return (_request, response) => {
    const received = receiver.received.at(-1);
    if (!received) return;
    const call = toCall(received);
    response.once('close', () => {
      call.endedAt ??= Date.now();
    });
    meet(call, response);
  };
}

function toCall({ headers, event }: Received): LoggedCall {
  const [item] = event.items;
  return {
    webhookId: event.webhook.id,
    deliveryId: String(headers['webhook-id']),
    recordId: item?.recordId ?? '',
    version: item?.recordVersion ?? 0,
    startedAt: Date.now(),
    endedAt: null,
    status: null,
  };
}

function behave(
  behaviour: Exclude<Behaviour, { kind: 'hang' }>,
  call: LoggedCall,
  response: ServerResponse,
): void {
  if (behaviour.kind === 'reset') {
    call.endedAt = Date.now();
    response.destroy();
    return;
  }
  const { status, afterMs } = behaviour;
  if (afterMs === undefined) answer(call, response, status);
  else setTimeout(() => answer(call, response, status), afterMs);
}

function answer(call: LoggedCall, response: ServerResponse, status: number): void {
  if (response.destroyed) return;
  call.status = status;
  call.endedAt = Date.now();
  response.writeHead(status).end();
}
