import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  key: string;
  cert: string;
}

/** Certificates are made with the openssl command. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** A certificate that vouches for itself, for names such as `DNS:hooks.test,IP:127.0.0.1`. */
export function selfSigned(names: string): KeyPair {
  return inFolder((folder) => {
    openssl(folder, [...request(names), '-x509', '-days', '2', '-out', 'cert.pem']);
    return readPair(folder);
  });
}

/** A certificate of an authority, which `selfSigned` makes as well; one of `-1` days has expired. */
export function issuedBy(authority: KeyPair, { names, days = 2 }: { names: string; days?: number }): KeyPair {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'ca.pem'), authority.cert);
    writeFileSync(join(folder, 'ca-key.pem'), authority.key);
    writeFileSync(join(folder, 'extensions'), `subjectAltName=${names}\n`);
    openssl(folder, [...request(names), '-out', 'request.pem']);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-extfile', 'extensions'];
    openssl(folder, ['x509', '-req', '-in', 'request.pem', ...by, '-days', String(days), '-out', 'cert.pem']);
    return readPair(folder);
  });
}

function request(names: string): string[] {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem'];
  return ['req', ...key, '-subj', '/CN=tablehook test', '-addext', `subjectAltName=${names}`];
}

function openssl(folder: string, args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore', timeout: 30_000 });
}

function readPair(folder: string): KeyPair {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { key: read('key.pem'), cert: read('cert.pem') };
}

function inFolder<T>(make: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'tablehook-tls-'));
  try {
    return make(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
