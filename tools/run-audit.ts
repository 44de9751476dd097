import { spawnSync } from 'node:child_process';

/** What the registry says of the packages of a project. */
export type AuditResult =
  | { kind: 'clean' }
  /** One line per package, worst first to be read. */
  | { kind: 'findings'; lines: string[] }
  /** Nothing was checked, and why. */
  | { kind: 'unreachable'; reason: string };

export interface RunAuditOptions {
  cwd: string;
  /** `production`: what a user installs. */
  what: 'production' | 'everything';
  /** Findings below it are passed over. */
  level: 'low' | 'moderate' | 'high' | 'critical';
  /** Of npm; that of this process unless given. */
  env?: NodeJS.ProcessEnv;
}

interface Report {
  auditReportVersion?: number;
  vulnerabilities?: Record<string, { severity: string; range: string; via: (string | { title: string })[] }>;
  message?: string;
}

const AUDIT_MS = 120_000;

/** Asks the registry by `npm audit`, which does not tell by its exit code whether it found something or reached nobody. */
export function runAudit({ cwd, what, level, env }: RunAuditOptions): AuditResult {
  const omit = what === 'production' ? ['--omit=dev'] : [];
  const { stdout, stderr, error, status } = spawnSync(
    'npm',
    ['audit', '--json', `--audit-level=${level}`, ...omit],
    {
      cwd,
      ...(env && { env }),
      encoding: 'utf8',
      timeout: AUDIT_MS,
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const report = parse(stdout);
  if (report?.auditReportVersion === undefined) {
    return { kind: 'unreachable', reason: error?.message ?? report?.message ?? stderr.trim() };
  }
  if (status === 0) return { kind: 'clean' };
  const lines = Object.entries(report.vulnerabilities ?? {}).map(([name, { severity, range, via }]) => {
    const titles = via.map((cause) => (typeof cause === 'string' ? `by ${cause}` : cause.title));
    return `${severity}: ${name} ${range}: ${titles.join('; ')}`;
  });
  return { kind: 'findings', lines };
}

function parse(text: string): Report | null {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return null;
  }
}
