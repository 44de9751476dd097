import type { PayloadShape, RecordValues, WebhookEvent } from './event.ts';
import { parseEvent } from './parse-event.ts';
import type { DeliveryFacts, VerifyOptions, WebhookRequest } from './verify-signature.ts';
import { verifySignature } from './verify-signature.ts';

export interface VerifyWebhookOptions<Shape extends PayloadShape = 'full'> extends VerifyOptions {
  /** What the webhook's payload options leave in the items. Default `full`. */
  payload?: Shape;
}

/** A delivery that is genuine, with its event. */
export interface VerifiedWebhook<
  Values = RecordValues,
  Shape extends PayloadShape = 'full',
> extends DeliveryFacts {
  event: WebhookEvent<Values, Shape>;
}

/**
 * Verifies a request of the `standard` format and parses its event. Throws a ReceiverError, whose `status` is to be
 * answered, when it is not genuine, too old, too new or no such event; a TypeError when no usable secret is given.
 */
export function verifyWebhook<Values = RecordValues, Shape extends PayloadShape = 'full'>(
  request: WebhookRequest,
  options: VerifyWebhookOptions<Shape>,
): VerifiedWebhook<Values, Shape> {
  const facts = verifySignature(request, options);
  return { ...facts, event: parseEvent<Values, Shape>(request.body, options.payload ?? 'full') };
}
