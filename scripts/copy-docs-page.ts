import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOCS_FILES } from '../src/api/docs-page.ts';

/** Copies what the reference page loads into dist/docs-page, with its licences: nobody who runs Tablehook installs it. */
const from = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const folder = fileURLToPath(new URL('../docs-page', import.meta.url));
await mkdir(folder, { recursive: true });
for (const file of [...DOCS_FILES, 'LICENSE', 'NOTICE', 'swagger-ui-bundle.js.LICENSE.txt']) {
  await copyFile(join(from, file), join(folder, file));
}
