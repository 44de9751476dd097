import type { Route } from '../../src/api/define-route.ts';
import { problemStatuses } from '../../src/api/problem-statuses.ts';
import { routes } from '../../src/api/routes.ts';
import { Problem } from '../../src/contracts/problem.ts';

/** An answer as it came, and what was asked. */
export interface Exchange {
  method: string;
  path: string;
  status: number;
  headers: Headers;
  body: unknown;
}

/** Answers of any path, which no route lists. */
const ANYWHERE = new Set([405, 415, 500]);

const patterns = routes.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`),
}));

/** Throws when an answer under /v1 is not what its route says of itself: status, body, headers. An error must be a problem document. */
export function checkAnswer(exchange: Exchange): void {
  const { method, path, status, body } = exchange;
  const pathname = path.replace(/[?#].*$/, '');
  // Probes and metrics have forms of their own.
  if (!pathname.startsWith('/v1/')) return;
  const found = patterns.filter(({ pattern }) => pattern.test(pathname)).map(({ route }) => route);
  const route = found.find((each) => each.method === method.toLowerCase());
  const faults = status >= 400 ? problemFaults(exchange, route) : route ? successFaults(exchange, route) : [];
  if (faults.length === 0) return;
  throw new Error(
    `${method} ${path} answered ${status} ${JSON.stringify(body)}, which its contract does not hold: ${faults.join('; ')}`,
  );
}

function successFaults({ status, headers, body }: Exchange, route: Route): string[] {
  const known = status === route.status;
  const schema = known ? route.answer : status === 200 ? route.otherAnswers?.[200] : undefined;
  if (!schema) return [`it has no answer ${status}`];
  const parsed = schema.safeParse(body ?? undefined);
  const wanted: readonly string[] = known ? (route.headers ?? []) : [];
  const missing = wanted.filter((name) => !name.startsWith('tablehook-') && !headers.has(name));
  const extra = ['etag', 'location', 'tablehook-change-id', 'tablehook-workflow-url'].filter(
    (name) => headers.has(name) && !wanted.includes(name),
  );
  return [
    ...(parsed.success
      ? []
      : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
    ...missing.map((name) => `the header ${name} is missing`),
    ...extra.map((name) => `it does not tell of the header ${name}`),
  ];
}

function problemFaults({ status, headers, body }: Exchange, route: Route | undefined): string[] {
  const parsed = Problem.safeParse(body);
  const told = !route || ANYWHERE.has(status) || problemStatuses(route).includes(status);
  return [
    ...(parsed.success
      ? []
      : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
    ...(parsed.success && parsed.data.status !== status ? [`status says ${parsed.data.status}`] : []),
    ...(headers.get('content-type')?.startsWith('application/problem+json') ? [] : ['no problem+json']),
    ...(told ? [] : [`it does not tell of ${status}`]),
  ];
}
