import { createTablehookClient, orThrow } from 'tablehook/client';

/**
 * @typedef {import('tablehook/client').TablehookClient} TablehookClient
 * @typedef {import('tablehook/client').components['schemas']['ChangeWithDeliveries']} Change
 */

/**
 * The typed client of the REST API, which says what to do when nobody answers.
 * @param {{ url: string, apiKey: string }} options
 * @returns {TablehookClient}
 */
export function connect({ url, apiKey }) {
  return createTablehookClient({
    url,
    apiKey,
    fetch: (request) =>
      fetch(request).catch((error) => {
        throw new Error(`Tablehook does not answer at ${url}. Is \`npm start\` running?`, { cause: error });
      }),
  });
}

/**
 * "Did the CRM get it?": the change with its deliveries, once each of them is in one of the states.
 * @param {TablehookClient} tablehook
 * @param {string} changeId
 * @param {{ states?: string[], timeoutMs?: number }} [options]
 * @returns {Promise<Change>}
 */
export async function untilDeliveries(tablehook, changeId, options = {}) {
  const { states = ['delivered', 'failed', 'cancelled'], timeoutMs = 30_000 } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const change = await orThrow(tablehook.GET('/v1/changes/{changeId}', { params: { path: { changeId } } }));
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
 * @param {Pick<Change, 'deliveries'>} change
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
