import { parseCidr } from './cidr.ts';
import { FORBIDDEN_BLOCKS } from './forbidden-blocks.ts';
import { parseIpAddress } from './ip-address.ts';
import { isMetadataAddress } from './metadata-address.ts';

/** `reason` names the block, never the address: whoever registered a name need not learn what it means inside. */
export type AddressVerdict = { allowed: true } | { allowed: false; reason: string };

/** Decides whether a resolved address may be dialled. Pure: the connector is what enforces it. */
export interface AddressPolicy {
  judge(address: string): AddressVerdict;
}

const FORBIDDEN = FORBIDDEN_BLOCKS.map(([cidr, purpose]) => ({ block: parseCidr(cidr), purpose }));

/**
 * A policy that refuses every address that is not public, but for the blocks an operator allows.
 * Metadata addresses stay refused. Throws an Error when an allowed block is not a valid CIDR.
 */
export function createAddressPolicy(options: { allowCidrs: readonly string[] }): AddressPolicy {
  const allowed = options.allowCidrs.map((text) => parseCidr(text.trim()));
  return {
    judge(text) {
      const address = parseIpAddress(text);
      if (!address) return refuse('not a plain IP address');
      if (isMetadataAddress(address)) return refuse('a cloud metadata address');
      if (allowed.some((block) => block.contains(address))) return { allowed: true };
      const hit = FORBIDDEN.find(({ block }) => block.contains(address));
      return hit ? refuse(`in ${hit.block.text} (${hit.purpose})`) : { allowed: true };
    },
  };
}

function refuse(reason: string): AddressVerdict {
  return { allowed: false, reason };
}
