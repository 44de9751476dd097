import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditResult } from '../../../tools/run-audit.ts';
import { runAudit } from '../../../tools/run-audit.ts';

/** A registry in a process of its own, since the audit is waited for. It takes what it says about from its environment. */
const REGISTRY = `
  const { ADVISORIES, STATUS } = process.env;
  const packument = { name: 'leaky', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { name: 'leaky', version: '1.0.0' } } };
  require('node:http').createServer((request, response) => {
    const asked = request.method === 'POST';
    response.writeHead(asked ? Number(STATUS) : 200, { 'content-type': 'application/json' });
    request.resume().on('end', () => response.end(asked ? ADVISORIES : JSON.stringify(packument)));
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

const hole = (severity: string) =>
  JSON.stringify({
    leaky: [
      { id: 1, url: 'https://advisory.example/1', title: 'Leaks', severity, vulnerable_versions: '<2' },
    ],
  });

// npm takes its time to start.
describe('runAudit', { timeout: 60_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tablehook-audit-'));
    const dependencies = { leaky: '1.0.0' };
    const project = { name: 'audited', version: '1.0.0', dependencies };
    const packages = { '': project, 'node_modules/leaky': { version: '1.0.0' } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(project));
    const lock = { name: 'audited', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  const audit = async (advisories: string, status = 200): Promise<AuditResult> => {
    const env = { ADVISORIES: advisories, STATUS: String(status) };
    const registry = spawn(process.execPath, ['-e', REGISTRY], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(registry.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${String(port).trim()}/`;
    try {
      // One for each: npm remembers what an advisory said.
      const cache = await mkdtemp(join(folder, 'cache-'));
      const npm = { npm_config_registry: url, npm_config_cache: cache, npm_config_fetch_retries: '0' };
      return runAudit({
        cwd: folder,
        what: 'production',
        level: 'moderate',
        env: { ...process.env, ...npm },
      });
    } finally {
      registry.kill();
    }
  };

  it('finds nothing where the registry knows of nothing', async () => {
    expect(await audit('{}')).toEqual({ kind: 'clean' });
  });

  it('names the package, the versions and the hole, and passes over what is below the level', async () => {
    const lines = ['high: leaky *: Leaks'];
    expect(await audit(hole('high'))).toEqual({ kind: 'findings', lines });
    expect(await audit(hole('low'))).toEqual({ kind: 'clean' });
  });

  it('tells a registry that does not answer from one that finds nothing', async () => {
    const result = await audit('', 405);
    expect(result).toEqual({ kind: 'unreachable', reason: expect.stringContaining('405') });
  });
});
