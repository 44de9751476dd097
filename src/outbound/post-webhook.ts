import { errors, request as sendRequest, type Dispatcher } from 'undici';
import type { AttemptResult, CallStage } from './attempt-result.ts';
import { toCallFailure, type CallFailure } from './call-failure.ts';
import { readBody } from './read-body.ts';
import { toResponseHeaders } from './response-headers.ts';
import { toResponseText } from './response-text.ts';
import type { ConnectProgress, SafeAgent } from './safe-agent.ts';
import { checkTargetUrl, type TargetUrlOptions } from './target-url.ts';
import { startTimeLimit } from './time-limit.ts';

export type { AttemptResult, CallErrorCode, CallOutcome, CallStage } from './attempt-result.ts';

/** What every call shares. `target` must hold the policy the agent was made with. */
export interface WebhookClient {
  agent: SafeAgent;
  target: TargetUrlOptions;
  /** How long a body may take after the headers. Default 2,000. */
  bodyGraceMs?: number;
  /** Monotonic milliseconds. Default performance.now. */
  clock?: () => number;
}

export interface WebhookRequest {
  url: string;
  method: 'POST' | 'PUT' | 'PATCH';
  headers: Record<string, string>;
  body: string | Buffer;
  /** Bounds DNS, connecting, headers and body together. */
  timeoutMs: number;
  signal?: AbortSignal;
}

type CallAnswer = Pick<
  AttemptResult,
  'outcome' | 'status' | 'responseHeaders' | 'responseBody' | 'responseTruncated'
>;

const MAX_BODY_BYTES = 16 * 1024;
const BODY_GRACE_MS = 2000;
/** RFC 9110 §15.2 allows any number, and an endpoint that never ends them would keep the process busy. */
const MOST_INTERIM_RESPONSES = 16;

const NOTHING_CAME: Omit<AttemptResult, 'outcome' | 'durationMs'> = {
  status: null,
  errorCode: null,
  errorMessage: null,
  responseHeaders: {},
  responseBody: null,
  responseTruncated: false,
  stage: null,
};

/**
 * Makes one call to an endpoint; every response, timeout, refusal or network error is a value, not a throw. Once
 * headers have arrived the status stands, whatever becomes of the body. A redirect is a response, not followed.
 */
export async function postWebhook(client: WebhookClient, request: WebhookRequest): Promise<AttemptResult> {
  const clock = client.clock ?? (() => performance.now());
  const startedAt = clock();
  const outcome = await call(client, request);
  return { ...NOTHING_CAME, ...outcome, durationMs: Math.max(0, Math.round(clock() - startedAt)) };
}

/** The headers a call goes out with, besides those of HTTP itself (host, connection, content-length). */
export function toSentHeaders(headers: Record<string, string>): Record<string, string> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    'content-type': 'application/json',
    ...Object.fromEntries(named),
    'accept-encoding': 'identity',
  };
}

async function call(client: WebhookClient, request: WebhookRequest): Promise<CallAnswer | CallFailure> {
  const target = checkTargetUrl(request.url, client.target);
  if (!target.ok) {
    const errorCode = target.code === 'address_refused' ? 'address_refused' : 'url_refused';
    return { outcome: 'refused', errorCode, errorMessage: target.reason, stage: 'url' };
  }
  const limit = startTimeLimit(request);
  const progress: ConnectProgress = { stage: null };
  const { agent, bodyGraceMs = BODY_GRACE_MS } = client;
  try {
    const sent = agent.progress.run(progress, () =>
      send({ agent, request, url: target.url, signal: limit.signal }),
    );
    // undici hears of an abort only once it has a connection, so the limit is raced as well.
    const response = await Promise.race([sent, limit.struck]);
    return await toAnswer(response, bodyGraceMs);
  } catch (error) {
    const cause = limit.cause();
    if (cause === null) return toCallFailure(error);
    return toLimitFailure({ cause, stage: progress.stage ?? 'response', timeoutMs: request.timeoutMs });
  } finally {
    limit.clear();
  }
}

interface SendInput {
  agent: SafeAgent;
  request: WebhookRequest;
  url: URL;
  signal: AbortSignal;
}

async function send({ agent, request, url, signal }: SendInput): Promise<Dispatcher.ResponseData> {
  const headers = toSentHeaders(request.headers);
  // undici would send it, and a shared server would route by it past the judged URL.
  if ('host' in headers) throw new errors.InvalidArgumentError('host is not a header to set');
  let interim = 0;
  return sendRequest(url, {
    onInfo: () => {
      interim += 1;
      if (interim > MOST_INTERIM_RESPONSES) throw new errors.HTTPParserError('too many interim responses');
    },
    dispatcher: agent,
    method: request.method,
    headers,
    body: request.body,
    signal,
    // The time limit bounds both; undici's own would cut a longer one short.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

async function toAnswer(response: Dispatcher.ResponseData, bodyGraceMs: number): Promise<CallAnswer> {
  const { statusCode, headers } = response;
  const body = await readBody(response.body, { maxBytes: MAX_BODY_BYTES, timeoutMs: bodyGraceMs });
  const responseBody = toResponseText({
    bytes: body.bytes,
    truncated: !body.complete,
    contentType: oneOf(headers['content-type']),
    contentEncoding: oneOf(headers['content-encoding']),
  });
  return {
    outcome: 'response',
    status: statusCode,
    responseHeaders: toResponseHeaders(headers),
    responseBody,
    responseTruncated: !body.complete,
  };
}

function oneOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function toLimitFailure(struck: {
  cause: 'timeout' | 'aborted';
  stage: CallStage;
  timeoutMs: number;
}): CallFailure {
  const { cause, stage, timeoutMs } = struck;
  if (cause === 'timeout') {
    const errorMessage = `No response within ${timeoutMs} ms (stage: ${stage}).`;
    return { outcome: 'timeout', errorCode: 'timeout', errorMessage, stage };
  }
  const errorMessage = `The call was stopped before a response came (stage: ${stage}).`;
  return { outcome: 'network-error', errorCode: 'aborted', errorMessage, stage };
}
