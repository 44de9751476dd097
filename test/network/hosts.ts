import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { gzipSync } from 'node:zlib';
import type { KeyPair } from '../support/certificates.ts';
import { answerDns, readQuestion } from './answer-dns.ts';
import { DNS_SERVER } from './network.ts';
import { toBytes } from './to-bytes.ts';

/** What each name resolves to: one list of addresses per lookup, the last one for all that follow. */
export type Names = Record<string, string[][] | 'silent'>;

export type HostsQuestion =
  | { kind: 'names'; names: Names }
  | { kind: 'certificates'; certificates: Record<string, KeyPair> }
  | { kind: 'seen' };

/** Since the program started. */
export interface HostsSeen {
  /** The local address of every connection. */
  connections: string[];
  /** TCP segments that came into this namespace, SYNs to dead ports included. */
  segments: number;
  open: number;
  lookups: Record<string, number>;
}

let names: Names = {};
let certificates: Record<string, KeyPair> = {};
const connections: string[] = [];
const lookups: Record<string, number> = {};
const open = new Set<Socket>();
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

const ENDLESS: Readonly<Record<string, { head: string; more: string }>> = {
  '/endless-body': { head: 'HTTP/1.1 200 OK\r\n\r\n', more: 'x'.repeat(1024) },
  '/endless-header': { head: 'HTTP/1.1 200 OK\r\nx-big: ', more: 'x'.repeat(1024) },
  '/endless-headers': { head: 'HTTP/1.1 200 OK\r\n', more: 'x-small: 1\r\n'.repeat(64) },
  '/endless-status': { head: 'HTTP/1.1 200 ', more: 'x'.repeat(1024) },
  '/endless-hints': { head: '', more: 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(32) },
  '/endless-extension': {
    head: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;',
    more: 'x'.repeat(1024),
  },
  '/endless-trailers': {
    head: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n',
    more: 'x-small: 1\r\n'.repeat(64),
  },
};
const SLOW: Readonly<Record<string, string>> = {
  '/slow-headers': 'HTTP/1.1 200 OK\r\nx-slow: ',
  '/slow-body': 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n',
};

const listener: RequestListener = (request, response) => {
  const { socket, url = '' } = request;
  const endless = ENDLESS[url];
  const slow = SLOW[url];
  const location = new URL(url, 'http://a').searchParams.get('to');
  if (endless) return flood(socket, endless);
  if (slow !== undefined) return dribble(socket, slow);
  if (location !== null) return response.writeHead(Number(url.slice(1, 4)), { location }).end();
  if (url === '/bomb') return response.setHeader('content-encoding', 'gzip').end(bomb);
  if (url === '/hang') return undefined;
  return response.end(`reached ${plain(socket)} as ${request.headers.host}`);
};

function flood(socket: Socket, { head, more }: { head: string; more: string }): void {
  const write = () => {
    while (!socket.destroyed && socket.write(more));
  };
  socket.on('drain', write).write(head);
  write();
}

function dribble(socket: Socket, head: string): void {
  socket.write(head);
  const timer = setInterval(() => socket.write('x'), 20);
  socket.on('close', () => clearInterval(timer));
}

function plain({ localAddress = '' }: Socket): string {
  return localAddress.replace(/^::ffff:/, '');
}

function note(socket: Socket): void {
  connections.push(plain(socket));
  open.add(socket);
  socket.on('close', () => open.delete(socket)).on('error', () => undefined);
}

const tlsOptions = {
  SNICallback: (
    name: string,
    done: (error: Error | null, context?: ReturnType<typeof createSecureContext>) => void,
  ) => done(null, createSecureContext(certificates[name])),
};
const ports = [
  ...[80, 8080].map((port) => [createServer(listener), port] as const),
  [createTlsServer(tlsOptions, listener).on('tlsClientError', () => undefined), 443] as const,
];
for (const [server, port] of ports) server.on('connection', note).listen(port, '::');

const dns = createSocket('udp4').on('message', (query, { address, port }) => {
  const { name, family } = readQuestion(query);
  const answers = names[name];
  if (answers === 'silent') return;
  const asked = (lookups[`${name}/${family}`] ??= 0);
  lookups[`${name}/${family}`] = asked + 1;
  const addresses = answers?.[Math.min(asked, answers.length - 1)] ?? null;
  const fitting = addresses?.map(toBytes).filter(({ length }) => length === (family === 4 ? 4 : 16)) ?? null;
  dns.send(answerDns(query, fitting), port, address);
});
dns.on('error', () => undefined).bind(53, DNS_SERVER);

function seen(): HostsSeen {
  const [titles = '', values = ''] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'));
  const segments = Number(values.split(' ')[titles.split(' ').indexOf('InSegs')]);
  return { connections, segments, open: open.size, lookups };
}

process.on('message', (question: HostsQuestion) => {
  if (question.kind === 'names') {
    names = question.names;
    for (const name of Object.keys(lookups)) delete lookups[name];
  }
  if (question.kind === 'certificates') certificates = question.certificates;
  process.send?.(seen());
});
process.on('disconnect', () => process.exit());
await Promise.all(ports.map(async ([server]) => new Promise((resolve) => server.once('listening', resolve))));
process.send?.('ready');
