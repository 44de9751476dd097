import { z } from 'zod';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Any JSON value; depth and key rules are judged by the domain, which can name the path. */
export const JsonValue: z.ZodType<JsonValue> = z.json();

/** An object of JSON values, such as a record's values. */
export const JsonObject = z.record(z.string(), JsonValue);
export type JsonObject = Record<string, JsonValue>;
