import type { ChangeSource, EventType, FieldChange } from './change.ts';
import type { JsonObject } from './json.ts';

/** What an endpoint receives in the `standard` format. */
export interface EventBody {
  version: 1;
  id: string;
  type: EventType;
  timestamp: string;
  operatorId: string;
  source: ChangeSource;
  table: { id: string; name: string; schemaVersion: number };
  webhook: { id: string; name: string };
  items: {
    recordId: string;
    recordVersion: number;
    previous: JsonObject | null;
    record: JsonObject | null;
    changes: FieldChange[];
  }[];
}
