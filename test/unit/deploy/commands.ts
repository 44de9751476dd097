import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import express from 'express';
import { Registry } from 'prom-client';
import { openRequest } from '../../../src/api/middleware/open-request.ts';
import { mountOperations } from '../../../src/api/mount-operations.ts';
import { listen } from '../../../src/listen.ts';
import { projectPath } from './project-files.ts';

/** What the command line says of a command. Rejects for one that it does not have. */
export async function helpOf(command: string): Promise<string> {
  const args = ['--import', 'tsx', projectPath('src/cli.ts'), command, '--help'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: projectPath('.') });
  return stdout;
}

/** What the operations endpoints that API and worker share answer to a path when all is well. */
export async function statusOf(path: string): Promise<number> {
  const app = express().use(openRequest);
  const readiness = async () => ({ mongodb: true, temporal: true });
  mountOperations(app, { readiness, metrics: new Registry(), version: 'test' });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  try {
    return (await fetch(server.url + path)).status;
  } finally {
    await server.close();
  }
}
