import type { oas31 } from 'zod-openapi';
import type { Ids } from './stage.ts';

/** One operation, as the OpenAPI document tells of it. */
export interface Operation {
  operationId: string;
  method: string;
  path: string;
  scopes: string[];
  /** Of its success. */
  status: number;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** All operations of a document. */
export function operationsOf({ paths = {} }: oas31.OpenAPIObject): Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const { operationId = '', security = [], responses = {} } = operation;
      return {
        operationId,
        method: method.toUpperCase(),
        path,
        scopes: security.flatMap((needed) => needed['apiKey'] ?? []),
        status: Math.max(
          ...Object.keys(responses)
            .map(Number)
            .filter((status) => status < 300),
        ),
      };
    }),
  );
}

/** The path of an operation, to these ids. */
export function pathOf({ path }: Operation, ids: Ids): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: keyof Ids) => ids[name]);
}

/** A body that the operation takes; undefined where it takes none. */
export function bodyOf({ operationId, method }: Operation, ids: Ids): unknown {
  const body = BODIES[operationId];
  if (body !== undefined) return body(ids);
  return method === 'POST' || method === 'PATCH' ? {} : undefined;
}

const BODIES: Record<string, (ids: Ids) => unknown> = {
  createTable: () => ({ name: 'New' }),
  createRecord: () => ({ values: {} }),
  updateRecord: () => ({ values: { Title: 'Shipped' } }),
  batchRecords: ({ recordId }) => ({ operations: [{ op: 'create' }, { op: 'delete', recordId }] }),
  reportChanges: () => ({
    changes: [{ changeKey: 'a', type: 'record.created', recordId: 'x', record: {} }],
  }),
  createApiKey: () => ({ name: 'New', scopes: ['admin'] }),
  createWebhook: () => ({ name: 'W', url: 'http://127.0.0.1:9/', events: ['record.*'] }),
  createReplay: ({ webhookId }) => ({ webhookId, filter: { states: ['failed'] } }),
};
