import { describe, expect, it } from 'vitest';
import { parseLocalNames, toCandidates } from '../../../src/outbound/lookup-host.ts';

const HOSTS = `
127.0.0.1 localhost
10.0.0.7\tCRM.internal crm   # the old one
fd00::7  crm.internal
;nothing
nonsense crm.elsewhere
`;
const RESOLV = `
nameserver 10.96.0.10
domain example.org
search default.svc.cluster.local svc.cluster.local cluster.local
options edns0 ndots:5
`;

describe('parseLocalNames', () => {
  it('reads names and their addresses from a hosts file, whatever their case', () => {
    const { hosts } = parseLocalNames({ hosts: HOSTS, resolvConf: '' });
    expect(Object.fromEntries(hosts)).toEqual({
      localhost: ['127.0.0.1'],
      'crm.internal': ['10.0.0.7', 'fd00::7'],
      crm: ['10.0.0.7'],
    });
  });

  it('reads search domains and ndots, the last line counts', () => {
    const { search, ndots } = parseLocalNames({ hosts: '', resolvConf: RESOLV });
    expect({ search, ndots }).toEqual({
      search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      ndots: 5,
    });
  });

  it('knows nothing of empty files', () => {
    const names = parseLocalNames({ hosts: '', resolvConf: '' });
    expect(names).toEqual({ hosts: new Map(), search: [], ndots: 1 });
  });
});

describe('toCandidates', () => {
  const names = { hosts: new Map(), search: ['svc.cluster.local', 'cluster.local'], ndots: 2 };

  it('tries a name with few dots in the search domains first', () => {
    expect(toCandidates(names, 'crm.shop')).toEqual([
      'crm.shop.svc.cluster.local',
      'crm.shop.cluster.local',
      'crm.shop',
    ]);
  });

  it('tries a name with enough dots as it is first', () => {
    expect(toCandidates(names, 'crm.example.org')[0]).toBe('crm.example.org');
  });

  it('tries a name that ends with a dot as it is, and nothing else', () => {
    expect(toCandidates(names, 'crm.')).toEqual(['crm.']);
  });
});
