import { createHash, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { verifyWebhook } from 'tablehook/receiver';
import { isMain, requireEnv } from '../support/main.mjs';
import { refusal, serve } from '../support/serve.mjs';

const KEEP_IDS = 10_000;

/**
 * A CRM that takes customers from Tablehook: one JSON file, or memory when there is none.
 * @param {object} options
 * @param {number} [options.port] 0 is a free one
 * @param {string} options.secret the webhook's `whsec_…`
 * @param {string} options.token what `Authorization: Bearer …` must carry
 * @param {string} [options.file] where customers and the ids of past deliveries are kept, together
 * @param {(line: string) => void} [options.log]
 */
export async function startCrm({ port = 0, secret, token, file, log = () => {} }) {
  let { customers, seen } = load(file);

  const handle = ({ headers, body }) => {
    if (!isSame(headers.authorization, `Bearer ${token}`)) return { status: 401, body: 'wrong bearer token' };
    /** @type {import('tablehook/receiver').VerifiedWebhook<{ Name: string, Email: string }>} */
    let webhook;
    try {
      webhook = verifyWebhook({ headers, body }, { secrets: secret });
    } catch (error) {
      return refusal(error);
    }
    const { event, deliveryId: id } = webhook;

    // At least once: a delivery may come again, with the same webhook-id.
    if (seen.includes(id)) return { status: 200, body: 'had it already' };

    const next = new Map(customers);
    for (const { recordId, recordVersion, record } of event.items) {
      // No order is promised: an older version never replaces a newer one.
      if (record === null || (next.get(recordId)?.version ?? 0) >= recordVersion) continue;
      next.set(recordId, { version: recordVersion, name: record.Name, email: record.Email });
      log(`CRM       has ${record.Name}, ${record.Email}`);
    }
    // The customer and the id are kept in one write: neither without the other, even when this process dies.
    const ids = [...seen, id].slice(-KEEP_IDS);
    save(file, { customers: next, seen: ids });
    customers = next;
    seen = ids;
    return { status: 201, body: 'created' };
  };

  const { url, close } = await serve({ port, path: '/customers', handle });
  return { url, close, customers: () => [...customers.values()] };
}

/** Compares in a time that tells nothing of where the two differ. */
function isSame(given = '', wanted) {
  const digest = (text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function load(file) {
  if (!file || !existsSync(file)) return { customers: new Map(), seen: [] };
  const { customers, seen } = JSON.parse(readFileSync(file, 'utf8'));
  return { customers: new Map(customers), seen };
}

function save(file, { customers, seen }) {
  if (!file) return;
  writeFileSync(`${file}.new`, JSON.stringify({ customers: [...customers], seen }, null, 2));
  renameSync(`${file}.new`, file);
}

if (isMain(import.meta.url)) {
  const [secret, token] = requireEnv('WEBHOOK_SECRET', 'CRM_TOKEN');
  const { PORT = '4001', CRM_FILE = 'crm.json' } = process.env;
  const { url } = await startCrm({ port: Number(PORT), secret, token, file: CRM_FILE, log: console.log });
  console.log(`The CRM takes customers at ${url} and keeps them in ${CRM_FILE}`);
}
