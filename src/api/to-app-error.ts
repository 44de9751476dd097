import { AppError, InvalidRequestError, UnavailableError } from '../errors.ts';
import { isUnavailable } from '../services/transaction.ts';
import { HttpError } from './http-error.ts';

/** What a caller is told of anything thrown while serving a request. What nobody foresaw is `internal`, with its cause kept. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isUnavailable(error)) return new UnavailableError('The database did not answer in time.', error);
  return (
    fromExpress(error) ?? new AppError('internal', 'Something went wrong on our side.', { cause: error })
  );
}

/** Errors of the body parser carry a `type`, a path that cannot be decoded is a URIError. */
function fromExpress(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof URIError) return new InvalidRequestError('The path is not valid percent-encoding.');
  switch ('type' in error ? error.type : undefined) {
    case 'entity.parse.failed':
      return new InvalidRequestError(`The body is not valid JSON${placeOf(error)}.`);
    case 'entity.too.large':
      return new AppError(
        'too_large',
        `The body may hold ${'limit' in error ? String(error.limit) : 'fewer'} bytes.`,
      );
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new HttpError(415, 'invalid_request', { message: `The body cannot be read: ${error.message}.` });
    case 'request.aborted':
    case 'request.size.invalid':
      return new InvalidRequestError('The body ended early.');
    default:
      return isBadBody(error) ? new InvalidRequestError('The body cannot be decompressed.') : null;
  }
}

/** Only the place: the parser's message quotes the body. */
function placeOf({ message }: Error): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? '' : ` at position ${position}`;
}

function isBadBody(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
