/** What came of one HTTP call; a `response` of any status counts as one. */
export type CallOutcome = 'response' | 'timeout' | 'network-error' | 'refused';

/** Why a call got no response. */
export type CallErrorCode =
  | 'url_refused'
  | 'address_refused'
  | 'dns_failed'
  | 'connection_refused'
  | 'connection_reset'
  | 'host_unreachable'
  | 'tls_failed'
  | 'proxy_unreachable'
  | 'proxy_refused'
  | 'proxy_invalid_response'
  | 'timeout'
  | 'headers_too_large'
  | 'invalid_response'
  | 'invalid_request'
  | 'aborted'
  | 'network_error';

/** The step a call failed in. `response`: sent, or waiting for a free connection, and no headers came. */
export type CallStage = 'url' | 'dns' | 'proxy' | 'connect' | 'tls' | 'request' | 'response';

/** One HTTP call, JSON-clean and safe to store: nothing of the URL or the request, no secret response header. */
export interface AttemptResult {
  outcome: CallOutcome;
  status: number | null;
  errorCode: CallErrorCode | null;
  /** At most 300 characters. */
  errorMessage: string | null;
  /** Lower-case names, at most 50; values of at most 1,024 characters. */
  responseHeaders: Record<string, string>;
  /** The first 16 KiB as text, or a note in brackets where it is not text; null when there was none. */
  responseBody: string | null;
  /** The body was longer, or was not read to its end. */
  responseTruncated: boolean;
  durationMs: number;
  stage: CallStage | null;
}
