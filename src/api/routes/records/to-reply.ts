import type { TableRecord } from '../../../contracts/record.ts';
import type { Reply } from '../../define-route.ts';

/** A record as an answer, its version as the ETag that If-Match takes back. */
export function toReply(record: TableRecord, headers: Record<string, string> = {}): Reply {
  return { body: record, headers: { etag: `"${record.version}"`, ...headers } };
}
