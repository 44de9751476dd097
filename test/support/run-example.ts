import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs `examples/<story>/run.mjs` as a user would: a process of its own, with these variables. */
export async function runExample(story: string, env: Record<string, string>) {
  const file = fileURLToPath(new URL(`../../examples/${story}/run.mjs`, import.meta.url));
  return new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, [file], { env, timeout: 150_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}
