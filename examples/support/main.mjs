import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Whether a module is the file that `node` was asked to run.
 * @param {string} moduleUrl its `import.meta.url`
 */
export function isMain(moduleUrl) {
  const file = process.argv[1];
  return file !== undefined && realpathSync(file) === fileURLToPath(moduleUrl);
}

/**
 * Runs a story against the Tablehook that the environment names; the exit code says whether it went as told.
 * @param {(target: { url: string, apiKey: string, log: (line: string) => void }) => Promise<unknown>} runStory
 */
export async function tell(runStory) {
  const { TABLEHOOK_URL: url = 'http://127.0.0.1:3000', TABLEHOOK_API_KEY: apiKey } = process.env;
  try {
    if (!apiKey) throw new Error('Set TABLEHOOK_API_KEY (and TABLEHOOK_URL) as `npm start` prints them.');
    await runStory({ url: url.replace(/\/+$/, ''), apiKey, log: console.log });
    console.log('\nAll as expected.');
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

/**
 * The named environment variables; ends the process when one is missing.
 * @param {...string} names
 */
export function requireEnv(...names) {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length === 0) return names.map((name) => process.env[name] ?? '');
  console.error(`Set ${missing.join(', ')}.`);
  process.exit(1);
}
