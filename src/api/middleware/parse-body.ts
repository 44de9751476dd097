import type { RequestHandler } from 'express';
import express from 'express';
import { InvalidRequestError } from '../../errors.ts';
import { checkJson } from '../check-json.ts';
import { HttpError } from '../http-error.ts';

const JSON_TYPE = 'application/json';
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/gi;

/** Reads a JSON body of at most `maxBytes`, unpacked. Of a name given twice in one object the last one counts, for everybody. */
export function parseBody({ maxBytes }: { maxBytes: number }): RequestHandler[] {
  return [requireJsonType, express.json({ limit: maxBytes, type: JSON_TYPE, strict: true }), refuseUnsafe];
}

const requireJsonType: RequestHandler = (req, _res, next) => {
  if (req.get('content-length') !== '0' && req.is(JSON_TYPE) === false) {
    throw new HttpError(415, 'invalid_request', { message: `The body must be ${JSON_TYPE}.` });
  }
  // RFC 8259, 8.1. The parser would take UTF-7, which says one thing to a filter in front of it and another here.
  const charsets = [...(req.get('content-type') ?? '').matchAll(CHARSET)];
  if (charsets.some(([, charset]) => charset?.toLowerCase() !== 'utf-8')) {
    throw new HttpError(415, 'invalid_request', { message: 'The body must be encoded in UTF-8.' });
  }
  next();
};

const refuseUnsafe: RequestHandler = (req, _res, next) => {
  const errors = checkJson(req.body);
  if (errors.length > 0) throw new InvalidRequestError('The body holds what cannot be taken.', errors);
  next();
};
