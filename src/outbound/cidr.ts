import { parseIpAddress, type IpAddress } from './ip-address.ts';

/** A block of addresses (RFC 4632, RFC 4291 §2.3). */
export interface Cidr {
  text: string;
  contains(address: IpAddress): boolean;
}

/** Reads `address/prefix`. Throws an Error saying what is wrong, host bits that are set included. */
export function parseCidr(text: string): Cidr {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const base = parseIpAddress(address);
  if (!base) throw invalid(text, 'write it like 10.0.0.0/8 or fd00::/8');
  // Read as the IPv4 inside, its prefix would silently mean another block.
  if (base.family === 4 && address.includes(':')) throw invalid(text, 'write IPv4-mapped blocks as IPv4');
  const bits = base.family === 4 ? 32 : 128;
  const prefix = Number(digits);
  if (prefix > bits) throw invalid(text, `the prefix is at most ${bits}`);
  const shift = BigInt(bits - prefix);
  const network = base.value >> shift;
  if (network << shift !== base.value) throw invalid(text, `bits are set after the first ${prefix}`);
  return {
    text,
    contains: ({ family, value }) => family === base.family && value >> shift === network,
  };
}

function invalid(text: string, why: string): Error {
  return new Error(`"${text}" is not a valid CIDR block: ${why}`);
}
