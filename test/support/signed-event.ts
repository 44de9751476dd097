import type { EventBody } from '../../src/contracts/event-body.ts';
import { signWebhook } from '../../src/outbound/signature.ts';

/** A body of the standard format: a task whose status changed. */
export function newEventBody(edits: Partial<EventBody> = {}): EventBody {
  return {
    version: 1,
    id: 'chg_01h455vb4pex5vsknk084sn02q',
    type: 'record.updated',
    timestamp: '2026-01-31T09:30:00.000Z',
    operatorId: 'ana',
    source: { kind: 'api', requestId: 'req-1', hops: 0 },
    table: { id: 'tbl_01h455vb4pex5vsknk084sn02q', name: 'Tasks', schemaVersion: 1 },
    webhook: { id: 'whk_01h455vb4pex5vsknk084sn02q', name: 'CRM' },
    items: [
      {
        recordId: 'rec_01h455vb4pex5vsknk084sn02q',
        recordVersion: 2,
        previous: { Title: 'Ship', Status: 'pending' },
        record: { Title: 'Ship', Status: 'completed' },
        changes: [
          {
            fieldId: 'fld_01h455vb4pex5vsknk084sn02q',
            fieldName: 'Status',
            from: 'pending',
            to: 'completed',
          },
        ],
      },
    ],
    ...edits,
  };
}

export interface SignRequestInput {
  secrets: string[];
  body: string;
  deliveryId?: string;
  /** Of the attempt; now unless given. */
  timestampSeconds?: number;
}

/** The headers of an attempt at a delivery, signed as Tablehook signs. */
export function signedHeaders({
  secrets,
  body,
  deliveryId = 'dlv_01h455vb4pex5vsknk084sn02q',
  timestampSeconds = Math.floor(Date.now() / 1000),
}: SignRequestInput): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': deliveryId,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signWebhook({ secrets, id: deliveryId, timestampSeconds, body }),
    'tablehook-event': 'record.updated',
    'tablehook-attempt': '3',
    'tablehook-hops': '1',
  };
}
