import { errors } from 'undici';
import type { AttemptResult, CallErrorCode, CallStage } from './attempt-result.ts';
import { ConnectError } from './connect-error.ts';
import { errorCodeOf } from './error-code-of.ts';

/** The part of an AttemptResult that says how a call failed. */
export type CallFailure = Pick<AttemptResult, 'outcome' | 'errorCode' | 'errorMessage' | 'stage'>;

const CODES: Readonly<Record<string, CallErrorCode>> = {
  HTTP_PARSER: 'invalid_response',
  ECONNRESET: 'connection_reset',
  ECONNABORTED: 'connection_reset',
  EPIPE: 'connection_reset',
  ETIMEDOUT: 'timeout',
  EPROTO: 'tls_failed',
  UND_ERR_SOCKET: 'connection_reset',
  UND_ERR_HEADERS_OVERFLOW: 'headers_too_large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'invalid_response',
  UND_ERR_INVALID_ARG: 'invalid_request',
  UND_ERR_NOT_SUPPORTED: 'invalid_request',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'invalid_request',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
};

const MESSAGES: Readonly<Partial<Record<CallErrorCode, string>>> = {
  connection_reset: 'The endpoint closed the connection before it answered',
  headers_too_large: 'The response headers are larger than 16 KiB',
  invalid_response: 'The answer is not valid HTTP/1.1',
  invalid_request: 'The request has a header that cannot be sent',
  aborted: 'The call was stopped before the endpoint answered',
  timeout: 'The connection was lost while waiting for the answer',
};

/**
 * Names the failure of a call from its error. Messages are our own: those of the network stack may quote what was
 * sent or received. Throws the error itself when it is none of the network's.
 */
export function toCallFailure(error: unknown): CallFailure {
  if (error instanceof ConnectError) {
    const { code, stage, message } = error;
    const outcome = code === 'address_refused' ? 'refused' : outcomeOf(code);
    return { outcome, errorCode: code, errorMessage: message, stage };
  }
  // The parser's error has no code, and holds the bytes it could not read.
  const systemCode = error instanceof errors.HTTPParserError ? 'HTTP_PARSER' : errorCodeOf(error);
  if (systemCode === null) throw error;
  const errorCode = classify(systemCode, error);
  const errorMessage = `${MESSAGES[errorCode] ?? 'The call failed'} (${systemCode}).`;
  return { outcome: outcomeOf(errorCode), errorCode, errorMessage, stage: stageOf(errorCode) };
}

function classify(systemCode: string, error: unknown): CallErrorCode {
  if (systemCode.startsWith('ERR_SSL') || systemCode.startsWith('ERR_TLS')) return 'tls_failed';
  // undici gives an unasked 100 Continue or 101 Switching Protocols the code of a lost connection.
  if (systemCode === 'UND_ERR_SOCKET' && error instanceof Error && error.message.startsWith('bad ')) {
    return 'invalid_response';
  }
  return CODES[systemCode] ?? 'network_error';
}

function outcomeOf(code: CallErrorCode): AttemptResult['outcome'] {
  return code === 'timeout' ? 'timeout' : 'network-error';
}

function stageOf(code: CallErrorCode): CallStage {
  if (code === 'tls_failed') return 'tls';
  return code === 'invalid_request' ? 'request' : 'response';
}
