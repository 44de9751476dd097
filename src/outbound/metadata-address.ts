import { parseCidr } from './cidr.ts';
import { parseIpAddress, type IpAddress } from './ip-address.ts';

// What answers here hands out a machine's credentials, so no allow list may open it.
const METADATA_ADDRESSES = new Set(
  [
    '169.254.169.254', // AWS, Azure, Google Cloud, Oracle, DigitalOcean, OpenStack
    '169.254.170.2', // AWS ECS task credentials
    '169.254.170.23', // AWS EKS pod identity
    '169.254.0.23', // Tencent Cloud
    '100.100.100.200', // Alibaba Cloud
    '168.63.129.16', // Azure platform, inside a public block
    '192.0.0.192', // Oracle Cloud, classic
    'fd00:ec2::254', // AWS
    'fd00:ec2::23', // AWS EKS pod identity
    'fd20:ce::254', // Google Cloud
    'fe80::a9fe:a9fe', // OpenStack
  ].map(toKey),
);

const EMBEDDING_96 = ['::/96', '::ffff:0:0:0/96', '64:ff9b::/96'].map(parseCidr);
const SIX_TO_FOUR = parseCidr('2002::/16');

/** Whether an address is, or carries inside it (NAT64, 6to4, IPv4-translated), a cloud metadata service. */
export function isMetadataAddress(address: IpAddress): boolean {
  if (METADATA_ADDRESSES.has(keyOf(address))) return true;
  const inside = embeddedIpv4(address);
  return inside !== null && METADATA_ADDRESSES.has(keyOf(inside));
}

function embeddedIpv4(address: IpAddress): IpAddress | null {
  if (EMBEDDING_96.some((block) => block.contains(address))) return toIpv4(address.value);
  if (SIX_TO_FOUR.contains(address)) return toIpv4(address.value >> 80n);
  return null;
}

function toIpv4(value: bigint): IpAddress {
  return { family: 4, value: value & 0xffff_ffffn };
}

function toKey(text: string): string {
  const address = parseIpAddress(text);
  if (!address) throw new Error(`"${text}" is not an IP address`);
  return keyOf(address);
}

function keyOf({ family, value }: IpAddress): string {
  return `${family}/${value}`;
}
