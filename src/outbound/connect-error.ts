/** How far the making of a connection had come. */
export type ConnectStage = 'dns' | 'proxy' | 'connect' | 'tls';

/** Why no connection was made. */
export type ConnectErrorCode =
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
  | 'network_error';

/** A connection refused by policy, or failed. `message` is safe to show: no host, address or URL is in it. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code: ConnectErrorCode;
  readonly stage: ConnectStage;

  constructor(
    { code, stage, message }: { code: ConnectErrorCode; stage: ConnectStage; message: string },
    cause?: unknown,
  ) {
    super(message, { cause });
    this.code = code;
    this.stage = stage;
  }
}
