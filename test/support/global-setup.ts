import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { loadConfig } from '../../src/config.ts';
import { startEmbeddedServers } from '../../src/embedded/embedded-servers.ts';
import { toCliSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { searchFiles, searchMongodb } from './search-run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    mongodbUri: string;
    temporalAddress: string;
    workflowBundlePath: string;
    logFolder: string;
  }
}

/**
 * One real MongoDB, one real Temporal server and one workflow bundle for all test files of a run, which fails in the end when
 * logs, MongoDB's oplog or Temporal's files hold a credential of any test.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tablehook-test-'));
  const config = loadConfig('standalone');
  const servers = await startEmbeddedServers({
    ...config,
    ...config.embedded,
    dataDir: folder,
    temporalAddress: config.temporal.address,
    temporalNamespace: config.temporal.namespace,
    searchAttributes: toCliSearchAttributes(),
    onProgress: (line) => process.stdout.write(`${line}\n`),
  });
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const bundle = join(folder, 'workflow-bundle.js');
  await writeFile(bundle, code);
  project.provide('mongodbUri', servers.mongodbUri);
  project.provide('temporalAddress', servers.temporalAddress);
  project.provide('workflowBundlePath', bundle);
  const logFolder = join(folder, 'logs');
  await mkdir(logFolder);
  project.provide('logFolder', logFolder);
  return async () => {
    const leaks = await searchMongodb(servers.mongodbUri);
    await servers.stop();
    for (const place of [logFolder, join(folder, 'temporal')]) leaks.push(...(await searchFiles(place)));
    if (leaks.length > 0) {
      // An error at the end is printed, and does not fail the run by itself.
      process.exitCode = 1;
      throw new Error(`The run left secrets in the open, in ${leaks.join(', ')}; see ${folder}`);
    }
    await rm(folder, { recursive: true, force: true });
  };
}
