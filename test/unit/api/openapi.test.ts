import { describe, expect, it } from 'vitest';
import { toOpenapi } from '../../../src/api/openapi.ts';
import { EXAMPLES } from '../../../src/api/openapi/examples.ts';
import { problemStatuses } from '../../../src/api/problem-statuses.ts';
import { routes } from '../../../src/api/routes.ts';
import { EventType } from '../../../src/contracts/change.ts';
import { EventBody } from '../../../src/contracts/event-body.ts';
import { Problem } from '../../../src/contracts/problem.ts';
import { lintDocument } from '../../../tools/lint-document.ts';

/** As far as these tests look into it. */
interface Operation {
  description: string;
  parameters?: unknown[];
  requestBody?: { required: boolean; content: Record<string, { example?: unknown }> };
  responses: Record<string, { content?: Record<string, { example?: unknown }> }>;
  security: object[];
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: Operation }>;
  components: { responses: Record<string, { content: Record<string, { example: unknown }> }> };
}

const make = (version = '1.2.3') => toOpenapi(routes, { version });
const document = JSON.parse(JSON.stringify(make())) as Document;

describe('the OpenAPI document', () => {
  it('has nothing said against it by the linter', async () => {
    expect(await lintDocument(make())).toEqual([]);
  });

  it('would be told of a missing example field, a dangling reference and an unused shape', async () => {
    const broken = JSON.parse(
      JSON.stringify(document).replace('"name":"Tasks","fields"', '"nome":"Tasks","fields"'),
    ) as { components: { schemas: Record<string, object> } };
    broken.components.schemas['Dangling'] = { $ref: '#/components/schemas/Nowhere' };
    broken.components.schemas['Unused'] = { type: 'string' };
    const problems = (await lintDocument(broken)).join('\n');
    for (const rule of ['no-invalid-media-type-examples', 'no-unresolved-refs', 'no-unused-components']) {
      expect(problems).toContain(rule);
    }
  });

  it('is the same every time, but for the version', () => {
    expect(JSON.stringify(make())).toBe(JSON.stringify(make()));
    const other = { ...make('9.9.9') };
    expect({ ...other, info: { ...other.info, version: '1.2.3' } }).toEqual(make());
  });

  it('tells of every route and of nothing else', () => {
    const told = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    const known = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(told.toSorted()).toEqual(known.toSorted());
  });

  describe.each(routes.map((route) => [route.operationId, route] as const))('%s', (operationId, route) => {
    const operation = document.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method];
    const { request, answer, otherAnswer } = EXAMPLES[operationId] ?? {};

    it('names its scopes and every status it can answer', () => {
      expect(operation?.security).toEqual([{ apiKey: route.scopes }]);
      for (const scope of route.scopes) expect(operation?.description).toContain(`\`${scope}\``);
      const successes = [route.status, ...Object.keys(route.otherAnswers ?? {})].map(String);
      const statuses = [...successes, ...problemStatuses(route).map(String)];
      expect(Object.keys(operation?.responses ?? {}).toSorted()).toEqual(statuses.toSorted());
    });

    it('has examples of its bodies, and they are what the schemas take and give', () => {
      if (operation?.requestBody) expect(route.body.safeParse(request).error).toBeUndefined();
      expect(request !== undefined).toBe(operation?.requestBody !== undefined);
      if (route.status !== 204) expect(answer).toBeDefined();
      expect(route.answer.safeParse(answer).error).toBeUndefined();
      const other = route.otherAnswers?.[200];
      if (other) expect(other.safeParse(otherAnswer).error).toBeUndefined();
    });
  });

  it('has no example for an operation that is not there', () => {
    const ids = new Set(routes.map(({ operationId }) => operationId));
    expect(Object.keys(EXAMPLES).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('shows each problem as it would be answered', () => {
    for (const { content } of Object.values(document.components.responses)) {
      const example = content['application/problem+json']?.example;
      expect(Problem.safeParse(example).error).toBeUndefined();
    }
  });

  it('tells endpoints of each event type what they receive', () => {
    expect(Object.keys(document.webhooks)).toEqual(EventType.options);
    for (const [type, { post }] of Object.entries(document.webhooks)) {
      const example = post.requestBody?.content['application/json']?.example;
      expect(EventBody.parse(example).type).toBe(type);
    }
  });
});
