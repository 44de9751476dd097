import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

/** A log of lines that is added to; errors of it are not worth failing for. */
export function openLineLog(folder: string, name: string): (line: string) => void {
  const stream = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
  stream.on('error', () => undefined);
  return (line) => void stream.write(`${line}\n`);
}
