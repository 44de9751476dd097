import type { CallFrame } from './call-tree.ts';

/** What a function belongs to. */
export type Part =
  | 'Tablehook'
  | 'MongoDB driver'
  | 'Temporal SDK'
  | 'HTTP server'
  | 'HTTP client'
  | 'validation'
  | 'log'
  | 'workflow sandbox'
  | 'garbage collector'
  | 'sockets'
  | 'Node';

const PACKAGES: [RegExp, Part][] = [
  [/^(mongoose|mongodb|bson|mquery|kareem)/, 'MongoDB driver'],
  [/^(@temporalio|protobufjs|@grpc|rxjs|long|source-map)/, 'Temporal SDK'],
  [/^undici/, 'HTTP client'],
  [/^zod/, 'validation'],
  [/^(pino|sonic-boom|thread-stream|quick-format|fast-redact|safe-stable|prom-client)/, 'log'],
];

const NATIVE: Record<string, Part> = {
  '(garbage collector)': 'garbage collector',
  runInContext: 'workflow sandbox',
  postMessage: 'Temporal SDK',
  writeBuffer: 'sockets',
  writev: 'sockets',
  writeUtf8String: 'sockets',
  writeLatin1String: 'sockets',
};

/** By the package it comes from; what is native by its name. */
export function partOf({ url, functionName }: CallFrame): Part {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name !== undefined) return PACKAGES.find(([pattern]) => pattern.test(name))?.[1] ?? 'HTTP server';
  if (url === '') return NATIVE[functionName] ?? 'Node';
  if (url.endsWith('workflow-bundle.js')) return 'workflow sandbox';
  return url.startsWith('node:') || url.startsWith('evalmachine') || url.startsWith('wasm')
    ? 'Node'
    : 'Tablehook';
}
