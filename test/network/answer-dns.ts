const HEADER_BYTES = 12;
const NOT_FOUND = 3;
const TYPES: Readonly<Record<number, 4 | 6>> = { 1: 4, 28: 6 };

/** The question of a DNS query (RFC 1035 §4.1.2): the name in lower case, and the family asked for, if any. */
export function readQuestion(query: Buffer): { name: string; family: 4 | 6 | undefined; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), family: TYPES[query.readUInt16BE(at + 1)], end: at + 5 };
}

/** A response with these addresses, none to be kept (TTL 0); null stands for a name that is not there. */
export function answerDns(query: Buffer, addresses: readonly Buffer[] | null): Buffer {
  const { end } = readQuestion(query);
  const header = Buffer.from(query.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(0x8580 | (addresses ? 0 : NOT_FOUND), 2);
  header.writeUInt16BE(addresses?.length ?? 0, 6);
  header.writeUInt32BE(0, 8);
  const records = (addresses ?? []).map((address) => {
    const fixed = Buffer.alloc(HEADER_BYTES);
    // A pointer to the name of the question.
    fixed.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
    fixed.writeUInt16BE(address.length === 4 ? 1 : 28, 2);
    fixed.writeUInt16BE(1, 4);
    fixed.writeUInt16BE(address.length, 10);
    return Buffer.concat([fixed, address]);
  });
  return Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...records]);
}
