import type { oas31 } from 'zod-openapi';
import { createDocument } from 'zod-openapi';
import type { Route } from './define-route.ts';
import { API_DESCRIPTION, TAGS } from './openapi/about.ts';
import { HEADERS, PARAMETERS } from './openapi/headers.ts';
import { toOperation } from './openapi/operation.ts';
import { PROBLEM_RESPONSES } from './openapi/problem-responses.ts';
import { nameSchemas } from './openapi/schemas.ts';
import { WEBHOOKS } from './openapi/webhooks.ts';

export interface ToOpenapiOptions {
  /** Of Tablehook. */
  version: string;
}

/** The OpenAPI 3.1 document of routes and of what endpoints receive. The same routes make the same document. */
export function toOpenapi(routes: readonly Route[], { version }: ToOpenapiOptions): oas31.OpenAPIObject {
  nameSchemas();
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tablehook',
      version,
      description: API_DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The process that serves this document.' }],
    security: [{ apiKey: [] }],
    tags: TAGS,
    paths: toPaths(routes),
    webhooks: WEBHOOKS,
    components: {
      parameters: PARAMETERS,
      headers: HEADERS,
      responses: PROBLEM_RESPONSES,
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key: `Authorization: Bearer thk_…`. Each operation names the scopes it needs.',
        },
      },
    },
  });
}

function toPaths(routes: readonly Route[]) {
  const paths: Record<string, Record<string, ReturnType<typeof toOperation>>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: toOperation(route) };
  }
  return paths;
}
