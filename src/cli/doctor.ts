import type { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { describeDiagnosis } from './describe-diagnosis.ts';
import { client, show } from './session.ts';

/** Adds `tablehook doctor`. */
export function addDoctor(program: Command): void {
  client(
    program
      .command('doctor')
      .description(
        'what is not delivered yet, why, and what to do about it; ends with 1 when something is wrong',
      ),
    ['tablehook doctor', 'tablehook doctor --json'],
    async (session) => {
      const diagnosis = await session.rest.diagnose();
      show(session, diagnosis, () => describeDiagnosis(session.paint, diagnosis));
      const problems = diagnosis.findings.filter(({ severity }) => severity === 'problem').length;
      if (problems > 0) {
        throw new CliError(EXIT.refused, problems === 1 ? '1 problem' : `${problems} problems`);
      }
    },
  );
}
