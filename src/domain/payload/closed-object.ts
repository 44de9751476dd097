import type { JsonObject } from '../../contracts/json.ts';

/** The JSON Schema of an object of exactly these properties, all of them there. */
export function closedObject(properties: JsonObject): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
