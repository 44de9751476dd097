import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { routes } from '../../src/api/routes.ts';
import { loadConfig } from '../../src/config.ts';
import { generateApiKey } from '../../src/services/api-keys/create.ts';
import { runCli } from '../support/cli.ts';
import { startReceiver } from '../support/receiver.ts';
import { findUnserved, tabulate } from './answers.ts';
import { installSchemathesis } from './install-schemathesis.ts';
import { furnish } from './stage.ts';

const CONFIG = fileURLToPath(new URL('schemathesis.toml', import.meta.url));

/**
 * Runs Schemathesis, with all checks on, against the built program on real servers. Ends with 1 when a check fails, or when
 * an operation was never once served, since a run that only meets refusals proves nothing.
 */
const { values } = parseArgs({
  options: {
    examples: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    'max-seconds': { type: 'string' },
  },
});
// Before anything is started: it may say that something is missing.
const program = installSchemathesis(loadConfig('standalone').cacheDir);
const folder = await mkdtemp(join(tmpdir(), 'tablehook-fuzz-'));
const apiKey = generateApiKey();
const receiver = await startReceiver();
receiver.answerAlways((request, response) => {
  response.writeHead(request.url === '/failing' ? 503 : 200).end();
});
const tablehook = runCli(['start'], {
  cwd: folder,
  env: {
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    BOOTSTRAP_API_KEY: apiKey,
    // Neither limit is what is tested here.
    API_KEY_REQUESTS_PER_SECOND: '100000',
    FAILED_API_KEYS_PER_MINUTE: '100000',
  },
});
try {
  const [, url = ''] = await tablehook.printed(/API +(http\S+)/);
  await tablehook.printed(/Ctrl-C here stops everything/);
  const failing = new URL('/failing', receiver.url).href;
  const stage = await furnish({ url, apiKey, endpoint: receiver.url, failing });
  const counts = join(folder, 'counts.json');
  const code = await fuzz({ url, stage, counts });
  const answers = JSON.parse(await readFile(counts, 'utf8')) as Record<string, Record<string, number>>;
  const unserved = findUnserved(routes, answers);
  process.stdout.write(`\n${tabulate(routes, answers)}\n`);
  for (const operationId of unserved)
    process.stdout.write(`${operationId} was never served: the run proves nothing of it.\n`);
  process.exitCode = code === 0 && unserved.length === 0 ? 0 : 1;
} finally {
  tablehook.kill('SIGTERM');
  await tablehook.ended;
  await receiver.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function fuzz({
  url,
  stage,
  counts,
}: {
  url: string;
  stage: object;
  counts: string;
}): Promise<number | null> {
  const { PATH = '', HOME = '' } = process.env;
  const { examples, seed, 'max-seconds': seconds } = values;
  const flags = {
    '--checks': 'all',
    '--seed': seed,
    '--max-examples': examples,
    ...(seconds !== undefined && { '--max-time': seconds }),
  };
  const child = spawn(
    program,
    ['--config-file', CONFIG, 'run', `${url}/openapi.json`, '--no-color', ...Object.entries(flags).flat()],
    {
      // Where the configuration finds its hooks.
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      env: {
        PATH,
        HOME,
        PYTHONDONTWRITEBYTECODE: '1',
        HYPOTHESIS_STORAGE_DIRECTORY: join(folder, 'hypothesis'),
        TABLEHOOK_API_KEY: apiKey,
        TABLEHOOK_FUZZ_STAGE: JSON.stringify(stage),
        TABLEHOOK_FUZZ_COUNTS: counts,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}
