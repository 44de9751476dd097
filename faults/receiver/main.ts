import { createHash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventBody } from '../../src/contracts/event-body.ts';
import { ReceiverError } from '../../src/receiver/receiver-error.ts';
import { verifySignature } from '../../src/receiver/verify-signature.ts';
import { answer, statusOf } from './answer.ts';
import type { Behaviour, LoggedCall, ReceiverCommand, ReceiverReport } from './messages.ts';

const [, , logPath = ''] = process.argv;
const log = openSync(logPath, 'a');
const secrets = new Map<string, string>();
let behaviour: Behaviour = 'ok';
let clockAheadMs = 0;

const server = createServer((request, response) => {
  const meets = behaviour;
  if (meets === 'reset-before') return void request.socket.resetAndDestroy();
  const chunks: Buffer[] = [];
  request.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const refusal = judge(request, body);
    const said = refusal ? refusal.status : statusOf(meets);
    const line = describe({ request, body, refusal, said });
    writeSync(log, `${JSON.stringify(line)}\n`);
    if (refusal) response.writeHead(refusal.status).end(refusal.message);
    else answer(meets, response);
  });
});

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  tell({ type: 'ready', port: (server.address() as AddressInfo).port });
});

process.on('disconnect', () => process.exit(0));
process.on('message', (command: ReceiverCommand) => {
  if (command.type === 'secret') secrets.set(command.path, command.secret);
  if (command.type === 'behave') behaviour = command.behaviour;
  if (command.type === 'step-clock') clockAheadMs = command.ms;
  tell({ type: 'done', call: command.call });
});

function tell(report: ReceiverReport): void {
  process.send?.(report);
}

function judge({ headers, url = '' }: IncomingMessage, body: Buffer): ReceiverError | null {
  try {
    const now = () => Date.now() + clockAheadMs;
    verifySignature({ headers, body }, { secrets: secrets.get(url) ?? [], now });
    return null;
  } catch (error) {
    return error instanceof ReceiverError ? error : new ReceiverError('bad-signature', String(error));
  }
}

interface CallToLog {
  request: IncomingMessage;
  body: Buffer;
  refusal: ReceiverError | null;
  said: number | null;
}

function describe({ request: { headers, url = '' }, body, refusal, said }: CallToLog): LoggedCall {
  const event = JSON.parse(body.toString('utf8')) as EventBody;
  const attempt = Number(headers['tablehook-attempt']);
  return {
    at: Date.now(),
    id: String(headers['webhook-id']),
    attempt: Number.isInteger(attempt) ? attempt : null,
    path: url,
    webhookId: event.webhook.id,
    changeId: event.id,
    recordId: event.items[0]?.recordId ?? '',
    version: event.items[0]?.recordVersion ?? 0,
    hash: createHash('sha256').update(body).digest('hex'),
    signature: refusal?.code ?? 'valid',
    said,
  };
}
