import { toOpenapi } from '../src/api/openapi.ts';
import { routes } from '../src/api/routes.ts';
import { version } from '../src/version.ts';
import { lintDocument } from './lint-document.ts';

/** Lints the OpenAPI document; any error or warning fails. */
const problems = await lintDocument(toOpenapi(routes, { version }));
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(
  problems.length === 0 ? 'the OpenAPI document is fine\n' : `${problems.length} problems\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
