import { AsyncLocalStorage } from 'node:async_hooks';
import { isIP, type Socket } from 'node:net';
import { Agent, type buildConnector } from 'undici';
import type { AddressPolicy } from './address-policy.ts';
import { ConnectError, type ConnectStage } from './connect-error.ts';
import { dial } from './dial.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { createHostResolver, type HostLookup } from './resolve-host.ts';

export interface SafeAgentOptions {
  policy: AddressPolicy;
  lookup?: HostLookup;
  /** Default 5,000. */
  dnsTimeoutMs?: number;
  /** TCP, the proxy and TLS together. Default 10,000. */
  connectTimeoutMs?: number;
  /**
   * Per origin; calls beyond it wait for a free one. Default 512: more than a worker has calls in flight, since webhooks
   * that share a host must not wait for one of theirs that hangs.
   */
  connections?: number;
  /** Certificate authorities in PEM that replace the system's. */
  ca?: string;
  /** Opens every connection in our place, to the judged address. Its own address is the operator's, and not judged. */
  proxy?: EgressProxy | undefined;
}

/** How far the connection opened for a call has come; null once it is made, or when none was opened. */
export interface ConnectProgress {
  stage: ConnectStage | null;
}

/** An Agent that dials judged addresses only. A call run inside `progress` hears of its connection's stage. */
export type SafeAgent = Agent & { readonly progress: AsyncLocalStorage<ConnectProgress> };

type Connect = (target: buildConnector.Options, onStage: (stage: ConnectStage) => void) => Promise<Socket>;

const KEEP_ALIVE_MS = 10_000;
const MAX_KEEP_ALIVE_MS = 60_000;
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * An undici Agent that resolves every host itself, judges each address and dials exactly a judged one, keeping Host
 * and SNI. One forbidden address refuses the connection: a ConnectError `address_refused`. TLS is always verified.
 */
export function createSafeAgent(options: SafeAgentOptions): SafeAgent {
  const progress = new AsyncLocalStorage<ConnectProgress>();
  const agent = new Agent({
    connect: toConnector(createConnect(options), progress),
    connections: options.connections ?? 512,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  return Object.assign(agent, { progress });
}

function createConnect(options: SafeAgentOptions): Connect {
  const { policy, lookup, dnsTimeoutMs = 5000, connectTimeoutMs = 10_000, ca, proxy } = options;
  const resolve = createHostResolver({ timeoutMs: dnsTimeoutMs, ...(lookup && { lookup }) });

  return async ({ hostname, protocol, port }, onStage) => {
    const isLiteral = isIP(hostname) > 0;
    onStage(isLiteral ? 'connect' : 'dns');
    const addresses = isLiteral ? [hostname] : await resolve(hostname);
    for (const address of addresses) {
      const verdict = policy.judge(address);
      if (!verdict.allowed) throw addressRefused(verdict.reason, isLiteral ? 'connect' : 'dns');
    }
    const secure = protocol === 'https:';
    return dial({
      addresses,
      port: Number(port) || (secure ? 443 : 80),
      tlsHost: secure ? hostname : null,
      timeoutMs: connectTimeoutMs,
      ca,
      proxy,
      onStage,
    });
  };
}

function toConnector(
  connect: Connect,
  progress: AsyncLocalStorage<ConnectProgress>,
): buildConnector.connector {
  return (target, callback) => {
    const report = progress.getStore() ?? { stage: null };
    const connecting = connect(target, (stage) => {
      report.stage = stage;
    });
    void connecting.then(
      (socket) => {
        report.stage = null;
        callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

function addressRefused(reason: string, stage: ConnectStage): ConnectError {
  const message = `The endpoint's address is refused: ${reason}.`;
  return new ConnectError({ code: 'address_refused', stage, message });
}
