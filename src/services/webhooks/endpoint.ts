import type { UpdateWebhookHeader } from '../../contracts/webhook.ts';
import { InvalidRequestError } from '../../errors.ts';
import { hideUrl } from '../../models/webhook.ts';
import type { EndpointRules } from '../context.ts';

/** The parsed URL of an endpoint, or InvalidRequestError that says what is wrong with it. */
export function parseEndpointUrl(rules: EndpointRules, url: string): URL {
  const checked = rules.checkUrl(url);
  if (checked.ok && url !== hideUrl(checked.url)) return checked.url;
  // Whoever writes back what a reader sees would lose the path for good.
  const message = checked.ok ? 'is what readers see of a URL: give the whole one' : checked.reason;
  throw new InvalidRequestError('The endpoint URL cannot be used.', [{ path: 'url', message }]);
}

/** Throws InvalidRequestError naming every header that may not be set, or is set twice. */
export function checkEndpointHeaders(
  rules: EndpointRules,
  headers: readonly Pick<UpdateWebhookHeader, 'name' | 'value'>[],
): void {
  const seen = new Set<string>();
  const errors = headers.flatMap(({ name, value }, index) => {
    const path = `headers.${index}`;
    const checked = rules.checkHeader({ name, value: value ?? '' });
    if (!checked.ok) return [{ path, message: checked.reason }];
    if (seen.has(name.toLowerCase())) return [{ path, message: 'must not repeat' }];
    seen.add(name.toLowerCase());
    return [];
  });
  if (errors.length > 0) throw new InvalidRequestError('The headers cannot be used.', errors);
}
