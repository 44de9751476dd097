import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { RouteContract } from '../define-route.ts';
import { tagOf } from './about.ts';
import type { Examples } from './examples.ts';
import { EXAMPLES } from './examples.ts';
import { answerHeaders, requestHeaders } from './headers.ts';
import { problemResponses } from './problem-responses.ts';

/** What a route is among the paths of the document. */
export function toOperation(route: RouteContract): ZodOpenApiOperationObject {
  const { operationId, summary, path, scopes, params, query } = route;
  const examples = EXAMPLES[operationId] ?? {};
  const body = requestBody(route, examples);
  return {
    operationId,
    summary,
    description: describe(route),
    tags: [tagOf(path)],
    security: [{ apiKey: [...scopes] }],
    requestParams: {
      ...(takesAny(params) && { path: params }),
      ...(takesAny(query) && { query }),
    },
    parameters: requestHeaders(route),
    ...(body && { requestBody: body }),
    responses: responses(route, examples),
  };
}

function describe({ description, scopes }: RouteContract): string {
  const names = scopes.map((scope) => `\`${scope}\``).join(' and ');
  const needed = `Needs the scope${scopes.length > 1 ? 's' : ''} ${names}.`;
  return description === undefined ? needed : `${description}\n\n${needed}`;
}

function takesAny(schema: z.ZodType): schema is z.ZodObject {
  return schema instanceof z.ZodObject && Object.keys(schema.shape).length > 0;
}

function requestBody({ body }: RouteContract, { request }: Examples) {
  // Without its default, which is what stands for a body that is left out: the component has a name, this has none.
  const schema = body instanceof z.ZodDefault || body instanceof z.ZodOptional ? body.unwrap() : body;
  if (schema instanceof z.ZodObject && !takesAny(schema)) return null;
  return {
    required: !body.safeParse(undefined).success,
    content: { 'application/json': { schema, ...(request !== undefined && { example: request }) } },
  };
}

function responses(route: RouteContract, { answer, otherAnswer }: Examples): ZodOpenApiResponsesObject {
  const { status, otherAnswers } = route;
  const other = otherAnswers?.[200];
  return {
    ...(other && {
      200: {
        description: SUCCESS[200],
        content: { 'application/json': { schema: other, example: otherAnswer } },
      },
    }),
    [status]: {
      description: SUCCESS[status],
      ...(route.headers && { headers: answerHeaders(route) }),
      ...(status !== 204 && { content: { 'application/json': { schema: route.answer, example: answer } } }),
    },
    ...problemResponses(route),
  };
}

const SUCCESS: Record<RouteContract['status'], string> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Accepted: what follows is done by the workers.',
  204: 'Done. There is no body.',
};
