import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../../src/outbound/address-policy.ts';
import { checkTargetUrl, type TargetUrlOptions } from '../../../src/outbound/target-url.ts';

const strict: TargetUrlOptions = {
  policy: createAddressPolicy({ allowCidrs: [] }),
  requireHttps: false,
  refusedOrigins: [],
};

function codeOf(url: string, options: Partial<TargetUrlOptions> = {}): string {
  const verdict = checkTargetUrl(url, { ...strict, ...options });
  return verdict.ok ? 'ok' : verdict.code;
}

describe('target URL', () => {
  it.each([
    'https://example.com/hook?key=1',
    'http://example.com:8080',
    'https://EXAMPLE.com./hook',
    'https://8.8.8.8/hook',
    'https://[2606:4700:4700::1111]:8443/hook',
    'https://bücher.example/hook',
    'https://127.0.0.1.example.com/',
    'https://localhost.example.com/',
  ])('accepts %s', (url) => {
    expect(codeOf(url)).toBe('ok');
  });

  it('gives back the normalised URL', () => {
    const verdict = checkTargetUrl('HTTPS://Example.COM:443/a b', strict);
    expect(verdict).toMatchObject({ ok: true, url: { href: 'https://example.com/a%20b' } });
  });

  it('accepts a literal address the operator allows', () => {
    const policy = createAddressPolicy({ allowCidrs: ['127.0.0.0/8', '::1/128'] });
    for (const url of [
      'http://127.0.0.1:8080/',
      'http://[::1]/',
      'http://localhost/',
      'http://2130706433/',
    ]) {
      expect(codeOf(url, { policy }), url).toBe('ok');
    }
    expect(codeOf('http://10.0.0.1/', { policy })).toBe('address_refused');
  });

  it.each([
    ['invalid_url', ''],
    ['invalid_url', 'example.com/hook'],
    ['invalid_url', 'https://'],
    ['invalid_url', 'https://exa mple.com/'],
    ['invalid_url', 'http://[fe80::1%25eth0]/'],
    ['invalid_url', 'http://[fe80::1%eth0]/'],
    ['invalid_url', 'http://1.2.3.4.5/'],
    ['invalid_url', 'http://256.0.0.1/'],
    ['invalid_url', 'https://example.com:70000/'],
    ['scheme_refused', 'ftp://example.com/'],
    ['scheme_refused', 'file:///etc/passwd'],
    ['scheme_refused', 'javascript:alert(1)'],
    ['scheme_refused', 'unix:///var/run/docker.sock'],
    ['credentials_refused', 'https://user:secret@example.com/'],
    ['credentials_refused', 'https://user@example.com/'],
    ['credentials_refused', 'https://:secret@example.com/'],
    ['too_long', `https://example.com/${'a'.repeat(2048)}`],
    ['too_long', `https://example.com/${'ü'.repeat(1000)}`],
  ])('refuses with %s: %s', (code, url) => {
    expect(codeOf(url)).toBe(code);
  });

  it('accepts a URL of exactly 2,048 characters', () => {
    expect(codeOf('https://example.com/'.padEnd(2048, 'a'))).toBe('ok');
  });

  it.each([
    0, 22, 23, 25, 53, 110, 135, 139, 143, 445, 465, 587, 993, 995, 1433, 2375, 2379, 3306, 5432, 5672, 6379,
    7233, 9200, 11211, 27017,
  ])('refuses port %i', (port) => {
    expect(codeOf(`https://example.com:${port}/`)).toBe('port_refused');
  });

  it('refuses plain http when https is required', () => {
    expect(codeOf('http://example.com/', { requireHttps: true })).toBe('https_required');
    expect(codeOf('https://example.com/', { requireHttps: true })).toBe('ok');
  });

  it.each([
    ['hooks.example.com:443', 'https://hooks.example.com/v1'],
    ['hooks.example.com:443', 'https://HOOKS.example.com.:443/'],
    ['https://hooks.example.com', 'https://hooks.example.com/'],
    ['http://hooks.example.com:8080', 'https://hooks.example.com:8080/'],
    ['127.0.0.1:3000', 'http://127.1:3000/'],
    ['127.0.0.1:3000', 'http://localhost:3000/'],
    ['localhost:3000', 'http://[::1]:3000/'],
    ['localhost:3000', 'http://[::ffff:127.0.0.1]:3000/'],
    ['[2a00::7]:3000', 'http://[2a00:0::7]:3000/'],
  ])('refuses our own address %s spelled %s', (origin, url) => {
    const policy = createAddressPolicy({ allowCidrs: ['127.0.0.0/8', '::1/128'] });
    expect(codeOf(url, { policy, refusedOrigins: ['other:1', origin] })).toBe('own_address');
  });

  it('accepts another port of our own host', () => {
    expect(codeOf('https://example.com:8443/', { refusedOrigins: ['example.com:443'] })).toBe('ok');
  });

  it('never quotes the URL in its reason', () => {
    for (const url of ['https://u:tok3n@a.example/tok3n', 'ftp://tok3n/', 'http://10.0.0.1/tok3n', 'tok3n']) {
      expect(JSON.stringify(checkTargetUrl(url, strict))).not.toContain('tok3n');
    }
  });
});
