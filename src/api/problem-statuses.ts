import type { RouteContract } from './define-route.ts';

/** The statuses of the problems a route can answer, in order; what any path can answer (405, 415, 500) is left out. */
export function problemStatuses(route: RouteContract): number[] {
  const { method, path, conditional, idempotent, problems = [] } = route;
  const statuses = new Set<number>([400, 401, 403, 429, 503, ...problems]);
  if (path.includes(':')) statuses.add(404);
  if (conditional) statuses.add(412);
  if (method === 'post' || method === 'patch') statuses.add(413);
  // Too many hops.
  if (method !== 'get') statuses.add(422);
  if (idempotent) statuses.add(409);
  return [...statuses].toSorted((a, b) => a - b);
}
