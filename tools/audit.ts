import { runAudit } from './run-audit.ts';

/**
 * Fails when a package of ours has a known hole. Of what users install, any; of what only builds and tests, on input of our
 * own, those from high on: a slow regular expression in a linter hurts nobody. Where the registry takes no such question,
 * says so and passes: there is nothing that a change could mend.
 */
const CHECKS = [
  { what: 'production', level: 'low' },
  { what: 'everything', level: 'high' },
] as const;

for (const { what, level } of CHECKS) {
  const result = runAudit({ cwd: process.cwd(), what, level });
  const name = `npm audit, ${what}, from ${level} on`;
  if (result.kind === 'clean') process.stdout.write(`${name}: nothing found\n`);
  if (result.kind === 'unreachable') {
    process.stdout.write(`${name}: NOT CHECKED, the registry did not answer: ${result.reason}\n`);
  }
  if (result.kind === 'findings') {
    process.stdout.write(`${name}: FAILED\n${result.lines.map((line) => `  ${line}\n`).join('')}`);
    process.exitCode = 1;
  }
}
