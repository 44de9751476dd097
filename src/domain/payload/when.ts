import type { JsonObject } from '../../contracts/json.ts';

/** A JSON Schema condition: what fits `condition` has to fit `then` too, anything else `otherwise`. */
export function when(condition: JsonObject, then: JsonObject, otherwise?: JsonObject): JsonObject {
  const parts: [string, JsonObject][] = [
    ['if', condition],
    ['then', then],
  ];
  if (otherwise) parts.push(['else', otherwise]);
  return Object.fromEntries(parts);
}
