import { fileURLToPath } from 'node:url';
import type { Express, RequestHandler } from 'express';
import helmet from 'helmet';
import type { Route } from './define-route.ts';
import { DOCS_FILES, DOCS_PAGE, DOCS_SCRIPT, DOCS_STYLE } from './docs-page.ts';
import { refuseMethod } from './middleware/refuse-method.ts';
import { toOpenapi } from './openapi.ts';
import { stateOf } from './request-state.ts';

// The build puts them there; the sources lie one folder higher than what is compiled.
const FILES_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/docs-page' : '../../docs-page', import.meta.url),
);
const AN_HOUR = 'public, max-age=3600';

export interface MountDocsOptions {
  routes: readonly Route[];
  version: string;
}

/** Mounts the OpenAPI document and the reference page, which loads nothing from elsewhere. Neither needs an API key. */
export function mountDocs(app: Express, { routes, version }: MountDocsOptions): void {
  const get = (path: string, ...handlers: RequestHandler[]) => {
    app.get(path, named(path), ...handlers);
    app.all(path, refuseMethod(path, ['get']));
  };
  let document: string | null = null;
  get('/openapi.json', (_req, res) => {
    document ??= JSON.stringify(toOpenapi(routes, { version }));
    res.type('json').send(document);
  });
  get('/docs', pagePolicy, (_req, res) => {
    res.type('html').send(DOCS_PAGE);
  });
  get('/docs/page.js', (_req, res) => {
    res.set('cache-control', AN_HOUR).type('js').send(DOCS_SCRIPT);
  });
  get('/docs/page.css', (_req, res) => {
    res.set('cache-control', AN_HOUR).type('css').send(DOCS_STYLE);
  });
  for (const file of DOCS_FILES) {
    get(`/docs/${file}`, (_req, res, next) => {
      res.set('cache-control', AN_HOUR);
      res.sendFile(file, { root: FILES_FOLDER, cacheControl: false }, next);
    });
  }
}

function named(path: string): RequestHandler {
  return (_req, res, next) => {
    stateOf(res).route = path;
    next();
  };
}

/** Tighter than everywhere else, except that the page styles itself; and no upgrade to https, which a plain deployment lacks. */
const pagePolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});
