import type { JsonObject } from '../contracts/json.ts';

/** About how many bytes the values of a change take, before and after: what is large in it is text. */
export function weighChange({
  previous,
  record,
}: {
  previous: JsonObject | null;
  record: JsonObject | null;
}): number {
  return weighValues(previous) + weighValues(record);
}

function weighValues(values: JsonObject | null): number {
  let length = 0;
  for (const value of Object.values(values ?? {})) {
    if (typeof value === 'string') length += value.length;
    else if (value !== null && typeof value === 'object') length += JSON.stringify(value).length;
  }
  return length;
}
