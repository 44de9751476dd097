/** What the package publishes as `tablehook/receiver`. */
export type { ReceiverHandler, ReceiverOptions } from './create-receiver.ts';
export { createReceiver } from './create-receiver.ts';
export type {
  EventItem,
  EventType,
  FieldChange,
  JsonValue,
  PayloadShape,
  RecordValues,
  WebhookEvent,
} from './event.ts';
export type { WebhookHeaders } from './read-header.ts';
export type { ReceiverErrorCode } from './receiver-error.ts';
export { ReceiverError } from './receiver-error.ts';
export type { SeenStore } from './seen-store.ts';
export { createMemoryStore } from './seen-store.ts';
export type { DeliveryFacts, VerifyOptions, WebhookRequest } from './verify-signature.ts';
export { verifySignature } from './verify-signature.ts';
export type { VerifiedWebhook, VerifyWebhookOptions } from './verify-webhook.ts';
export { verifyWebhook } from './verify-webhook.ts';
