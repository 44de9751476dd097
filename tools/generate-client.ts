import { readFile, writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { toOpenapi } from '../src/api/openapi.ts';
import { routes } from '../src/api/routes.ts';

const FILE = fileURLToPath(new URL('../src/client/openapi.ts', import.meta.url));
const HEAD = '/* Generated from the OpenAPI document by `npm run generate:client`. */\n\n';
const JSON_VALUE =
  'export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };\n';

// The generator builds on the compiler's JavaScript API, which TypeScript 7 does not have.
const RESOLVE =
  "export const resolve = (name, context, next) => next(name === 'typescript' ? 'typescript-5' : name, context);";
register(`data:text/javascript,${encodeURIComponent(RESOLVE)}`);
const { default: openapiTypescript, astToString } = await import('openapi-typescript');
const { default: ts } = await import('typescript-5');

/** Writes the client's types, or with --check says whether those that are there are stale. */
const text = await generate();
if (!process.argv.includes('--check')) {
  await writeFile(FILE, text);
} else if ((await readFile(FILE, 'utf8').catch(() => '')) !== text) {
  process.stderr.write('src/client/openapi.ts is stale: run `npm run generate:client`\n');
  process.exitCode = 1;
}

async function generate(): Promise<string> {
  const document = toOpenapi(routes, { version: '0.0.0' });
  const ast = await openapiTypescript(JSON.stringify(document, withoutExample), {
    // What has a default may be left out of a request; answers list it as required.
    defaultNonNullable: false,
    inject: JSON_VALUE,
    // A type that indexes itself is refused by the compiler; one with a name of its own is not.
    transform: (_schema, { path }) =>
      path === '#/components/schemas/JsonValue' ? ts.factory.createTypeReferenceNode('JsonValue') : undefined,
  });
  return `${HEAD}${astToString(ast)}`;
}

/** Of a media type, which has a schema beside it: as comments they would be most of the file. */
function withoutExample(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || !('schema' in value)) return value;
  return { ...value, example: undefined };
}
