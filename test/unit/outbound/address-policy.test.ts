import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../../src/outbound/address-policy.ts';
import { FORBIDDEN_RANGES } from './forbidden-ranges.ts';

const open = { allowCidrs: ['0.0.0.0/0', '::/0'] };
const strict = createAddressPolicy({ allowCidrs: [] });

// The first and the last address of every block.
const FORBIDDEN = FORBIDDEN_RANGES.map(([block, , first, last]) => [block, first, last] as const);

// The nearest neighbours of the blocks, and some well-known public addresses.
const PUBLIC = [
  '1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0',
  '169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0',
  '192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0',
  '198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255 8.8.8.8 93.184.215.14',
  '100:0:0:1:: 2001:1:: 2001:db7:ffff:: 2001:db9:: 2003:: 3fff:1000:: 5eff:ffff:: 5f01::',
  'fbff:ffff:: fe7f:ffff:: 2606:4700:4700::1111 2a00:1450:4001:800::200e',
].flatMap((line) => line.split(' '));

const METADATA = [
  '169.254.169.254 169.254.170.2 169.254.170.23 169.254.0.23 100.100.100.200 168.63.129.16 192.0.0.192',
  'fd00:ec2::254 fd00:ec2::23 fd20:ce::254 fe80::a9fe:a9fe ::ffff:169.254.169.254 ::ffff:a9fe:a9fe',
  '::ffff:100.100.100.200 ::169.254.169.254 ::ffff:0:169.254.169.254 64:ff9b::169.254.169.254',
  '64:ff9b::a9fe:a9fe 2002:a9fe:a9fe::1 fd00:0ec2:0:0:0:0:0:0254 FD00:EC2::254',
].flatMap((line) => line.split(' '));

describe('address policy', () => {
  it.each(FORBIDDEN)('refuses %s from its first to its last address', (block, first, last) => {
    for (const address of [first, last]) {
      expect(strict.judge(address), address).toMatchObject({ allowed: false });
    }
    expect(strict.judge(last)).toMatchObject({ reason: expect.stringContaining(block) });
  });

  it.each(PUBLIC)('allows the public address %s', (address) => {
    expect(strict.judge(address)).toEqual({ allowed: true });
  });

  it.each(FORBIDDEN)('allows %s when the operator lists it', (block, first) => {
    const policy = createAddressPolicy({ allowCidrs: [` ${block} `] });
    expect(policy.judge(first)).toEqual({ allowed: true });
  });

  it.each(METADATA)('refuses the metadata address %s even when everything is allowed', (address) => {
    expect(createAddressPolicy(open).judge(address)).toEqual({
      allowed: false,
      reason: 'a cloud metadata address',
    });
  });

  it('opens no more than the listed blocks', () => {
    const policy = createAddressPolicy({ allowCidrs: ['10.1.0.0/16', '127.0.0.1/32', 'fd12::/16'] });
    const allowed = (address: string) => policy.judge(address).allowed;
    expect(['10.1.0.0', '10.1.255.255', '127.0.0.1', 'fd12::7'].map(allowed)).not.toContain(false);
    expect(['10.0.255.255', '10.2.0.0', '127.0.0.2', 'fd13::', '::1'].map(allowed)).not.toContain(true);
  });

  it.each([
    ['::ffff:10.0.0.1', false],
    ['::ffff:a00:1', false],
    ['0:0:0:0:0:ffff:127.0.0.1', false],
    ['::FFFF:7f00:1', false],
    ['::ffff:8.8.8.8', true],
    ['::ffff:808:808', true],
  ])('judges the IPv4-mapped %s by the IPv4 inside', (address, allowed) => {
    expect(strict.judge(address).allowed).toBe(allowed);
  });

  it('lets an IPv4 block of the allow list open the mapped spelling too', () => {
    const policy = createAddressPolicy({ allowCidrs: ['10.0.0.0/8'] });
    expect(policy.judge('::ffff:10.0.0.1')).toEqual({ allowed: true });
    expect(policy.judge('::10.0.0.1').allowed).toBe(false);
  });

  it.each(['', 'localhost', '127.1', '0x7f.0.0.1', '010.0.0.1', '2130706433', '1.2.3.4 ', '[::1]'])(
    'refuses %j, which is not a resolved address',
    (address) => {
      expect(createAddressPolicy(open).judge(address).allowed).toBe(false);
    },
  );

  it('refuses an address with a zone id', () => {
    expect(createAddressPolicy(open).judge('fe80::1%eth0').allowed).toBe(false);
    expect(createAddressPolicy(open).judge('2a00::1%1').allowed).toBe(false);
  });

  it('agrees with node:net about any address', () => {
    // One list per family: a list of both also matches IPv4 addresses, as mapped ones, against its IPv6 blocks.
    const oracles = { ipv4: new BlockList(), ipv6: new BlockList() };
    for (const [block] of FORBIDDEN) {
      const [address = '', prefix] = block.split('/');
      const family = address.includes(':') ? 'ipv6' : 'ipv4';
      oracles[family].addSubnet(address, Number(prefix), family);
    }
    const special = new Set(METADATA);
    const check = (address: string, family: 'ipv4' | 'ipv6') => {
      fc.pre(!special.has(address) && !/^[0:]*ffff:/i.test(address));
      expect(strict.judge(address).allowed, address).toBe(!oracles[family].check(address, family));
    };
    fc.assert(fc.property(fc.ipV4(), (address) => check(address, 'ipv4')));
    fc.assert(fc.property(fc.ipV6(), (address) => check(address, 'ipv6')));
  });

  it('never names the address in its reason', () => {
    expect(JSON.stringify(strict.judge('10.11.12.13'))).not.toContain('10.11.12.13');
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.5/8',
    '10.0.0/8',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    'fd00::1/8',
    '::ffff:10.0.0.0/104',
    '::ffff:10.0.0.0/8',
    'fe80::%eth0/10',
    'example.com/8',
    '',
  ])('does not start with %j in the allow list', (cidr) => {
    expect(() => createAddressPolicy({ allowCidrs: [cidr] })).toThrow(`"${cidr}" is not a valid CIDR block`);
  });
});
