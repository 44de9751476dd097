/**
 * @typedef {{ id: string, state: string, attemptCount: number, lastStatus: number | null, failureReason: string | null }} Delivery
 * @typedef {{ id: string, deliveries: Delivery[], workflow: { id: string, url: string | null } | null }} Change
 * @typedef {(method: string, path: string, body?: object) => Promise<{ body: any, headers: Headers }>} Call
 */

/**
 * Calls of the REST API. Throws with the answer's own words when it is no success.
 * @param {{ url: string, apiKey: string }} options
 * @returns {Call}
 */
export function connect({ url, apiKey }) {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error) => {
      throw new Error(`Tablehook does not answer at ${url}. Is \`npm start\` running?`, { cause: error });
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return { body: text === '' ? null : JSON.parse(text), headers: response.headers };
  };
}

/**
 * "Did the CRM get it?": the change with its deliveries, once each of them is in one of the states.
 * @param {Call} call
 * @param {string} changeId
 * @param {{ states?: string[], timeoutMs?: number }} [options]
 * @returns {Promise<Change>}
 */
export async function untilDeliveries(call, changeId, options = {}) {
  const { states = ['delivered', 'failed', 'cancelled'], timeoutMs = 30_000 } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { body: change } = await call('GET', `/v1/changes/${changeId}`);
    const { deliveries } = change;
    if (deliveries.length > 0 && deliveries.every(({ state }) => states.includes(state))) return change;
    if (Date.now() > deadline) {
      throw new Error(`After ${timeoutMs} ms ${changeId} is not ${states.join(' or ')}: ${summary(change)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * One line on a change's deliveries.
 * @param {Change} change
 */
export function summary({ deliveries }) {
  const lines = deliveries.map(
    ({ state, attemptCount, lastStatus }) =>
      `${state}, ${attemptCount} attempt${attemptCount === 1 ? '' : 's'}, last answer ${lastStatus ?? 'none'}`,
  );
  return lines.join('; ') || 'no deliveries';
}

/**
 * Ends a story that did not go as told.
 * @param {unknown} condition
 * @param {string} message
 */
export function check(condition, message) {
  if (!condition) throw new Error(`This is not what was expected: ${message}`);
}
