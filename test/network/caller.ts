import { createServer } from 'node:http';
import { createAddressPolicy } from '../../src/outbound/address-policy.ts';
import { postWebhook, type AttemptResult } from '../../src/outbound/post-webhook.ts';
import { createSafeAgent } from '../../src/outbound/safe-agent.ts';

/** Calls of one client, all at once or each after the other; the client is as the program composes it. */
export interface CallerQuestion {
  urls: string[];
  atOnce?: boolean;
  allowCidrs?: string[];
  timeoutMs?: number;
}

export interface CallerAnswer {
  results: AttemptResult[];
  /** Connections to the caller's own loopback, since it started. */
  loopback: number;
}

let loopback = 0;
for (const host of ['127.0.0.1', '::1']) {
  createServer((_, response) => response.end('loopback'))
    .on('connection', () => (loopback += 1))
    .listen(80, host);
}

async function callAll({ urls, atOnce, allowCidrs = [], timeoutMs = 15_000 }: CallerQuestion) {
  const policy = createAddressPolicy({ allowCidrs });
  const agent = createSafeAgent({ policy });
  const client = { agent, target: { policy, requireHttps: false, refusedOrigins: [] } };
  const call = async (url: string) =>
    postWebhook(client, { url, method: 'POST', headers: {}, body: '{}', timeoutMs });
  const results: AttemptResult[] = [];
  try {
    if (atOnce) return await Promise.all(urls.map(call));
    for (const url of urls) results.push(await call(url));
    return results;
  } finally {
    await agent.destroy();
  }
}

process.on('message', (question: CallerQuestion) => {
  void callAll(question).then((results) => process.send?.({ results, loopback } satisfies CallerAnswer));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
