import type { Model } from 'mongoose';
import type { Models } from '../../models/models.ts';
import type { IdempotencyKeyDoc } from '../../models/idempotency-key.ts';
import type { WebhookTestDoc } from '../../models/webhook-test.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { sealPurpose } from './seal-purpose.ts';

/** A sealed text in a document: under which path, and what it is bound to. */
export interface SealedValue {
  path: string;
  sealed: string;
  purpose: string;
}

/** A collection that holds sealed texts. */
export interface SealedCollection<Doc extends { _id: string } = { _id: string }> {
  name: string;
  model: Model<Doc>;
  /** The fields that may hold them. */
  fields: string[];
  /** Selects documents with one for which `match` holds, a condition on a text. */
  where: (match: object) => object;
  /** An aggregation expression: the array of all of a document's. */
  texts: object;
  valuesOf: (doc: Doc) => SealedValue[];
}

/** Every place where MongoDB holds sealed texts. Whoever seals something new adds it here, or a rotation passes it by. */
export function sealedCollections(models: Models): SealedCollection[] {
  const all = [ofWebhooks(models.webhooks), ofTests(models.webhookTests), ofAnswers(models.idempotencyKeys)];
  // Each reads documents of its own collection only, the ones its own model finds.
  return all as unknown as SealedCollection[];
}

function ofWebhooks(model: Model<WebhookDoc>): SealedCollection<WebhookDoc> {
  const secretHeaders = { $filter: { input: '$headers', cond: '$$this.secret' } };
  const valueOf = { $map: { input: secretHeaders, in: '$$this.value' } };
  return {
    name: 'webhooks',
    model,
    fields: ['url', 'secret', 'previousSecrets', 'headers'],
    where: (match) => ({
      $or: [
        { url: match },
        { secret: match },
        { previousSecrets: { $elemMatch: { secret: match } } },
        { headers: { $elemMatch: { secret: true, value: match } } },
      ],
    }),
    texts: { $concatArrays: [['$url', '$secret'], { $ifNull: ['$previousSecrets.secret', []] }, valueOf] },
    valuesOf: ({ _id, url, secret, previousSecrets, headers }) => [
      { path: 'url', sealed: url, purpose: sealPurpose.webhookUrl(_id) },
      { path: 'secret', sealed: secret, purpose: sealPurpose.webhookSecret(_id) },
      ...(previousSecrets ?? []).map((previous, index) => ({
        path: `previousSecrets.${index}.secret`,
        sealed: previous.secret,
        purpose: sealPurpose.webhookSecret(_id),
      })),
      ...headers.flatMap((header, index) =>
        header.secret
          ? [
              {
                path: `headers.${index}.value`,
                sealed: header.value,
                purpose: sealPurpose.webhookHeader(_id),
              },
            ]
          : [],
      ),
    ],
  };
}

function ofTests(model: Model<WebhookTestDoc>): SealedCollection<WebhookTestDoc> {
  return {
    name: 'webhooktests',
    model,
    fields: ['body', 'result'],
    where: (match) => ({ $or: [{ body: match }, { result: { $type: 'string', ...match } }] }),
    texts: { $filter: { input: ['$body', '$result'], cond: { $eq: [{ $type: '$$this' }, 'string'] } } },
    valuesOf: ({ _id, body, result }) => [
      { path: 'body', sealed: body, purpose: sealPurpose.testBody(_id) },
      ...(result === null ? [] : [{ path: 'result', sealed: result, purpose: sealPurpose.testResult(_id) }]),
    ],
  };
}

function ofAnswers(model: Model<IdempotencyKeyDoc>): SealedCollection<IdempotencyKeyDoc> {
  return {
    name: 'idempotencykeys',
    model,
    fields: ['response'],
    where: (match) => ({ response: match }),
    texts: ['$response'],
    valuesOf: ({ _id, response }) => [
      { path: 'response', sealed: response, purpose: sealPurpose.answer(_id) },
    ],
  };
}
