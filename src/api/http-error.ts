import type { AppErrorOptions, ErrorCode } from '../errors.ts';
import { AppError } from '../errors.ts';

/** An error of HTTP itself, whose status is finer than the one its code stands for (405, 415). */
export class HttpError extends AppError {
  readonly status: number;

  constructor(
    status: number,
    code: ErrorCode,
    { message, ...options }: AppErrorOptions & { message: string },
  ) {
    super(code, message, options);
    this.status = status;
  }
}
