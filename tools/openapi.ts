import { writeFile } from 'node:fs/promises';
import { toOpenapi } from '../src/api/openapi.ts';
import { routes } from '../src/api/routes.ts';
import { version } from '../src/version.ts';

/** Prints the OpenAPI document, or writes it to the file that is named. */
const text = `${JSON.stringify(toOpenapi(routes, { version }), null, 2)}\n`;
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(text);
else await writeFile(file, text);
