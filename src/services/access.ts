import type { Scope } from '../contracts/api-key.ts';
import { ConflictError, ForbiddenError } from '../errors.ts';
import type { TableDoc } from '../models/table.ts';
import type { Actor } from './context.ts';

/** Whether the key holds the scope; `admin` holds all. */
export function hasScope(actor: Actor, scope: Scope): boolean {
  return actor.scopes.includes('admin') || actor.scopes.includes(scope);
}

/** Throws a ForbiddenError unless the key holds the scope. */
export function requireScope(actor: Actor, scope: Scope): void {
  if (!hasScope(actor, scope)) throw new ForbiddenError(`This API key lacks the scope ${scope}.`);
}

/** Whether the key reaches the table. */
export function reachesTable(actor: Actor, tableId: string): boolean {
  return actor.tables === null || actor.tables.includes(tableId);
}

/** Throws a ForbiddenError unless the key reaches the table. */
export function requireTable(actor: Actor, tableId: string): void {
  if (!reachesTable(actor, tableId)) {
    throw new ForbiddenError(`This API key does not reach the table ${tableId}.`);
  }
}

/** Throws a ConflictError for a table of Tablehook's own, which everybody else may only read and listen to. */
export function requireChangeable({ name, system }: Pick<TableDoc, 'name' | 'system'>): void {
  if (system === true) {
    throw new ConflictError(
      `The table ${name} is Tablehook's own: read it and register webhooks on it, but do not change it or its records.`,
    );
  }
}

/** Throws a ForbiddenError for a key bound to certain tables: a verb that reaches beyond any table is not for it. */
export function requireUnbound(actor: Actor, deed: string): void {
  if (actor.tables !== null) {
    throw new ForbiddenError(`This API key is bound to certain tables and cannot ${deed}.`);
  }
}
