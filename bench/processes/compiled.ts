import { fileURLToPath } from 'node:url';

/**
 * A module of this repository as the build made it. What is measured runs compiled, as the product does, and never through
 * a loader; the bench itself may run either way.
 */
export function compiled(path: string): string {
  const fromBuild = import.meta.url.endsWith('.js');
  return fileURLToPath(new URL(fromBuild ? `../../${path}` : `../../dist/${path}`, import.meta.url));
}
