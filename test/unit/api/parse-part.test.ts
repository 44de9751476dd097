import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { parsePart } from '../../../src/api/parse-part.ts';
import { ReportChangesInput } from '../../../src/contracts/change.ts';
import { ListDeliveriesQuery } from '../../../src/contracts/delivery.ts';
import { PageQuery } from '../../../src/contracts/page.ts';
import { CreateTableInput } from '../../../src/contracts/table.ts';
import { CreateWebhookInput, UpdateWebhookInput } from '../../../src/contracts/webhook.ts';

function faults(schema: z.ZodType, value: unknown, prefix = ''): Record<string, string> {
  const parsed = parsePart(schema, value, prefix);
  if (parsed.ok) throw new Error('expected faults');
  return Object.fromEntries(parsed.errors.map(({ path, message }) => [path, message]));
}

describe('parsePart', () => {
  it('answers the parsed value with its defaults', () => {
    expect(parsePart(PageQuery, { limit: '5' }, 'query')).toEqual({ ok: true, data: { limit: 5 } });
    expect(parsePart(CreateTableInput, { name: ' Tasks ' }, '')).toEqual({
      ok: true,
      data: { name: 'Tasks', fields: [] },
    });
  });

  it('gives one entry per unknown key', () => {
    expect(
      faults(CreateTableInput, { name: 'x', a: 1, b: 2, fields: [{ name: 'f', type: 'text', c: 1 }] }),
    ).toEqual({
      a: 'is not a known field',
      b: 'is not a known field',
      'fields.0.c': 'is not a known field',
    });
  });

  it('begins paths with the prefix', () => {
    expect(faults(PageQuery, { limit: '201', foo: '' }, 'query')).toEqual({
      'query.limit': 'must be at most 200',
      'query.foo': 'is not a known field',
    });
  });

  it('says what is missing and what has the wrong type', () => {
    const value = { url: 1, events: 'record.*', enabled: 'yes', method: 'GET', retry: { timeoutMs: 1.5 } };
    expect(faults(CreateWebhookInput, value)).toEqual({
      name: 'is required',
      url: 'must be a string',
      events: 'must be a list',
      enabled: 'must be true or false',
      method: 'must be one of POST, PUT, PATCH',
      'retry.timeoutMs': 'must be a whole number',
    });
  });

  it('says how long and how large', () => {
    const value = { name: 'x'.repeat(101), url: '', events: [], retry: { jitter: 2, initialMs: 0 } };
    expect(faults(CreateWebhookInput, value)).toEqual({
      name: 'must have at most 100 characters',
      url: 'must not be empty',
      events: 'must hold at least 1 item',
      'retry.jitter': 'must be at most 1',
      'retry.initialMs': 'must be at least 1',
    });
  });

  it('lists the choices of unions, with and without a discriminator', () => {
    expect(faults(UpdateWebhookInput, { events: ['record.moved'] })).toEqual({
      'events.0': 'must be one of record.created, record.updated, record.deleted, record.*',
    });
    expect(faults(ReportChangesInput, { changes: [{ type: 'moved' }, 5] })).toEqual({
      'changes.0.type': 'must be one of record.created, record.updated, record.deleted',
      'changes.1': 'must be an object',
    });
  });

  it('keeps the messages schemas bring along', () => {
    expect(faults(ListDeliveriesQuery, { webhookId: 'x', since: 'yesterday' }, 'query')).toEqual({
      'query.webhookId': 'must be the id of a webhook (whk_…)',
      'query.since': 'must be an RFC 3339 date and time, such as 2026-01-31T09:30:00Z',
    });
  });

  it('has an empty path for the body itself', () => {
    expect(faults(CreateTableInput, undefined)).toEqual({ '': 'is required' });
    expect(faults(CreateTableInput, [])).toEqual({ '': 'must be an object' });
  });
});
