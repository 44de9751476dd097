import { diffRecord } from './diff-record.ts';
import type { RenderableChange } from './render-body.ts';

/** A change told as if its record had just come to be: nothing before it, and every value it has is a change. */
export function asCreated(change: RenderableChange): RenderableChange {
  const fields = Object.entries(change.fieldNames).map(([id, name]) => ({ id, name }));
  return {
    ...change,
    type: 'record.created',
    previous: null,
    changes: diffRecord(fields, null, change.record),
  };
}
