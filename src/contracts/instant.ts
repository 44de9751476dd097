import { z } from 'zod';

/** An instant in answers: ISO 8601, UTC, milliseconds. */
export const Instant = z.iso.datetime({ precision: 3 });
