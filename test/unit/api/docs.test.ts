import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import helmet from 'helmet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRequest } from '../../../src/api/middleware/open-request.ts';
import { handleError } from '../../../src/api/middleware/handle-error.ts';
import { refusePath } from '../../../src/api/middleware/refuse-path.ts';
import { mountDocs } from '../../../src/api/mount-docs.ts';
import { routes } from '../../../src/api/routes.ts';

describe('the reference page and its document', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const app = express();
    app.use(openRequest, helmet());
    mountDocs(app, { routes, version: '1.2.3' });
    app.use(refusePath, handleError);
    server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('answers the document without a key, with the version of the program', async () => {
    const response = await fetch(`${url}/openapi.json`);
    expect(response.headers.get('content-type')).toContain('application/json');
    const document = (await response.json()) as { openapi: string; info: object; webhooks: object };
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Tablehook', version: '1.2.3' } });
    expect(Object.keys(document.webhooks)).toContain('record.created');
  });

  it('answers a page that loads from here alone, and everything it loads', async () => {
    const response = await fetch(`${url}/docs`);
    const page = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(page).not.toMatch(/https?:\/\//);
    const loaded = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(loaded).toHaveLength(5);
    for (const path of loaded) {
      const file = await fetch(`${url}${path}`);
      const type = { js: 'text/javascript', css: 'text/css', json: 'application/json' }[
        path.split('.').at(-1) ?? ''
      ];
      expect([path, file.status, file.headers.get('content-type')]).toEqual([
        path,
        200,
        expect.stringContaining(type ?? 'nothing'),
      ]);
      expect((await file.text()).length).toBeGreaterThan(100);
    }
  });

  it('answers no other file of the folder, and no other method', async () => {
    for (const path of ['/docs/LICENSE', '/docs/../package.json', '/docs/%2e%2e%2fsrc%2fcli.js']) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 404]);
    }
    expect((await fetch(`${url}/docs`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/openapi.json`, { method: 'DELETE' })).status).toBe(405);
  });
});
