import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PayloadShape, RecordValues, WebhookEvent } from './event.ts';
import { readRequestBody } from './read-request-body.ts';
import { ReceiverError } from './receiver-error.ts';
import type { SeenStore } from './seen-store.ts';
import { createMemoryStore } from './seen-store.ts';
import type { DeliveryFacts } from './verify-signature.ts';
import { toKeys } from './verify-signature.ts';
import type { VerifiedWebhook, VerifyWebhookOptions } from './verify-webhook.ts';
import { verifyWebhook } from './verify-webhook.ts';

export interface ReceiverOptions<Values, Shape extends PayloadShape> extends VerifyWebhookOptions<Shape> {
  /**
   * Takes an event; Tablehook is answered when it is done, and waits 15 s unless the webhook says otherwise. What it
   * throws is answered with 500, so that the delivery comes again; a ReceiverError `rejected` says never to send it again.
   */
  onEvent: (event: WebhookEvent<Values, Shape>, delivery: DeliveryFacts) => unknown;
  /** Deliveries handled before are dropped by it. Default: the last 10,000, in memory. Null: none is dropped. */
  seen?: SeenStore | null;
  /** Hears why a request was not answered with 2xx. Default: a line on stderr. */
  onError?: (error: unknown) => void;
  /** Default 4 MiB, more than Tablehook ever sends. */
  maxBodyBytes?: number;
}

/** For `http.createServer`, and as a handler of Express in front of any parser of bodies. Never throws. */
export type ReceiverHandler = (request: IncomingMessage, response: ServerResponse) => void;

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * An endpoint that verifies what comes, hands each delivery over once, and answers as Tablehook understands it: 2xx taken
 * (or had already), 4xx not genuine, 5xx to be sent again. Repeats that come at the same time share one call of
 * `onEvent`. One that comes when the store does not know it any more is handed over again, with the same `deliveryId`.
 */
export function createReceiver<Values = RecordValues, Shape extends PayloadShape = 'full'>(
  options: ReceiverOptions<Values, Shape>,
): ReceiverHandler {
  const { maxBodyBytes = MAX_BODY_BYTES, onError = printError } = options;
  // A secret that is malformed shows when the program starts, not with the first delivery.
  toKeys(options.secrets);
  const take = dropRepeats(options);
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (!['POST', 'PUT', 'PATCH'].includes(request.method ?? '')) {
        throw new ReceiverError('wrong-method', 'Webhooks come by POST, PUT or PATCH.');
      }
      const body = await readRequestBody(request, maxBodyBytes);
      answer(response, 200, await take(verifyWebhook({ headers: request.headers, body }, options)));
    } catch (error) {
      refuse(response, error);
      onError(error);
    }
  };
  return (request, response) => {
    receive(request, response).catch(printError);
  };
}

type Take<Values, Shape extends PayloadShape> = (
  webhook: VerifiedWebhook<Values, Shape>,
) => Promise<'handled' | 'handled before'>;

function dropRepeats<Values, Shape extends PayloadShape>({
  onEvent,
  seen = createMemoryStore(),
}: ReceiverOptions<Values, Shape>): Take<Values, Shape> {
  const underWay = new Map<string, Promise<'handled' | 'handled before'>>();
  const handle: Take<Values, Shape> = async ({ event, ...delivery }) => {
    if (await seen?.has(delivery.deliveryId)) return 'handled before';
    await callHandler(onEvent, event, delivery);
    await seen?.add(delivery.deliveryId);
    return 'handled';
  };
  if (seen === null) return handle;
  return async (webhook) => {
    const { deliveryId } = webhook;
    const joined = underWay.get(deliveryId);
    if (joined) return joined;
    const handling = handle(webhook).finally(() => underWay.delete(deliveryId));
    underWay.set(deliveryId, handling);
    return handling;
  };
}

/** Only `rejected` is the handler's to say: any other refusal that it throws is a fault of its own. */
async function callHandler<Values, Shape extends PayloadShape>(
  onEvent: ReceiverOptions<Values, Shape>['onEvent'],
  event: WebhookEvent<Values, Shape>,
  delivery: DeliveryFacts,
): Promise<void> {
  try {
    await onEvent(event, delivery);
  } catch (error) {
    if (!(error instanceof ReceiverError) || error.code === 'rejected') throw error;
    throw new Error(`The handler failed: ${error.message}`, { cause: error });
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof ReceiverError) {
    if (error.code === 'wrong-method') response.setHeader('allow', 'POST, PUT, PATCH');
    // What is left of the body is not read.
    if (error.code === 'too-large') response.setHeader('connection', 'close');
    answer(response, error.status, error.message);
  } else {
    answer(response, 500, 'The handler failed.');
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function printError(error: unknown): void {
  const shown = error instanceof ReceiverError ? `${error.code}: ${error.message}` : describe(error);
  process.stderr.write(`tablehook receiver: ${shown}\n`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
