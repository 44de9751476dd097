import { isIP } from 'node:net';

/** An address as a number of 32 (IPv4) or 128 (IPv6) bits. */
export interface IpAddress {
  family: 4 | 6;
  value: bigint;
}

const MAPPED_PREFIX = 0xffffn;

/**
 * Reads an IPv4 or IPv6 address in its usual text form; an IPv4-mapped one (::ffff:0:0/96, RFC 4291 §2.5.5.2)
 * becomes the IPv4 inside. Anything else, zone ids included, is null.
 */
export function parseIpAddress(text: string): IpAddress | null {
  if (isIP(text) === 4) return { family: 4, value: readIpv4(text) };
  if (isIP(text) !== 6 || text.includes('%')) return null;
  const value = readIpv6(text);
  if (value >> 32n === MAPPED_PREFIX) return { family: 4, value: value & 0xffff_ffffn };
  return { family: 6, value };
}

function readIpv4(text: string): bigint {
  return text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function readIpv6(text: string): bigint {
  const [head = '', tail] = text.split('::', 2);
  const before = toGroups(head);
  const after = tail === undefined ? [] : toGroups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | group, 0n);
}

function toGroups(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const ipv4 = readIpv4(group);
    return [ipv4 >> 16n, ipv4 & 0xffffn];
  });
}
