import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { Environment } from '../../../src/config.ts';
import { RetryPolicy } from '../../../src/contracts/policies.ts';
import { TASK_QUEUE } from '../../../src/temporal/names.ts';
import { deliveryWorkerOptions, type WorkerOptionsInput } from '../../../src/temporal/worker-options.ts';
import { WORKER_GRACE_MS } from '../../../src/worker-server.ts';

/** What the operating system and Node read rather than people set. */
const UNDOCUMENTED = ['XDG_CACHE_HOME', 'PATH'];

/** Every variable that Tablehook reads. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

/** Those that people set. */
export const SETTINGS: readonly string[] = VARIABLES.filter((name) => !UNDOCUMENTED.includes(name));

/** The longest a call of an endpoint may take, and how long a worker that ends lets calls go on: by themselves, and at all. */
export const WORKER_TIMES_MS = {
  longestCall: RetryPolicy.shape.timeoutMs.unwrap().maxValue ?? Number.NaN,
  grace: WORKER_GRACE_MS,
  force: Number(workerOptions().shutdownForceTime),
};

/** Path of a file of the project. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

export function readProjectFile(path: string): string {
  return readFileSync(projectPath(path), 'utf8');
}

/** The variables of an env file. */
export function readEnvFile(path: string): Record<string, string> {
  return toEnvironment(readProjectFile(path));
}

/** The variables in the text of an env file. */
export function toEnvironment(text: string): Record<string, string> {
  return Object.fromEntries(Object.entries(parseEnv(text)).map(([name, value]) => [name, String(value)]));
}

/** The documents of a YAML file, merge keys resolved. Their shape is for the caller to know. */
export function readYaml<T>(path: string): T[] {
  return parseAllDocuments(readProjectFile(path), { merge: true }).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as T;
  });
}

function workerOptions() {
  // The connection and the rest are not looked at.
  const input = { namespace: 'default', taskQueue: TASK_QUEUE, graceMs: WORKER_GRACE_MS };
  return deliveryWorkerOptions(input as WorkerOptionsInput);
}
