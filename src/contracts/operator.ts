import { z } from 'zod';

/** Who made the change: free text given by the caller. */
export const OperatorId = z.string().min(1).max(200);
