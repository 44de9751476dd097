import { parseIpAddress } from './ip-address.ts';

/** A key that is the same for every spelling of a place: all of loopback reaches the same listener, so it is one host. */
export function toPlaceKey(host: string, port: number): string {
  return `${toHostKey(host)}:${port}`;
}

/** Whether a host is a name of loopback (RFC 6761 §6.3). */
export function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

function toHostKey(host: string): string {
  const address = parseIpAddress(host);
  if (!address) return isLocalhost(host) ? 'loopback' : host;
  const { family, value } = address;
  // Whoever connects to the unspecified address reaches loopback.
  const isLoopback = value === 0n || (family === 4 ? value >> 24n === 127n : value === 1n);
  return isLoopback ? 'loopback' : `${family}/${value}`;
}
