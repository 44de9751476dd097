import type { RequestHandler } from 'express';
import { AppError } from '../../errors.ts';

/** Ends a request that no route took: 404. */
export const refusePath: RequestHandler = () => {
  throw new AppError('not_found', 'There is nothing at this path.');
};
