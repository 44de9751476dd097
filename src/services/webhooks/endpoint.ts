import type { WebhookHeader } from '../../contracts/webhook.ts';
import { InvalidRequestError } from '../../errors.ts';
import type { EndpointRules } from '../context.ts';

/** The parsed URL of an endpoint, or InvalidRequestError that says what is wrong with it. */
export function parseEndpointUrl(rules: EndpointRules, url: string): URL {
  const checked = rules.checkUrl(url);
  if (checked.ok) return checked.url;
  throw new InvalidRequestError('The endpoint URL cannot be used.', [
    { path: 'url', message: checked.reason },
  ]);
}

/** Throws InvalidRequestError naming every header that may not be set, or is set twice. */
export function checkEndpointHeaders(rules: EndpointRules, headers: readonly WebhookHeader[]): void {
  const seen = new Set<string>();
  const errors = headers.flatMap((header, index) => {
    const path = `headers.${index}`;
    const checked = rules.checkHeader(header);
    if (!checked.ok) return [{ path, message: checked.reason }];
    const name = header.name.toLowerCase();
    if (seen.has(name)) return [{ path, message: 'must not repeat' }];
    seen.add(name);
    return [];
  });
  if (errors.length > 0) throw new InvalidRequestError('The headers cannot be used.', errors);
}
