import type { Diagnosis, Finding, Unsettled } from '../../contracts/diagnosis.ts';
import { requireUnbound } from '../access.ts';
import type { RequestContext } from '../context.ts';
import { countLeftUntold } from '../events/untold.ts';
import { findOverdue, measureUnsettled, OVERDUE_AFTER_MS } from './measure.ts';
import { findInWebhooks } from './webhook-findings.ts';

const EXAMPLES = 5;

/**
 * What is not settled, where it stands, and what a person should know of it. Changes nothing: what can be repaired, the
 * reconciler repairs by itself. For keys that reach every table.
 */
export async function diagnose(context: RequestContext): Promise<Diagnosis> {
  requireUnbound(context.actor, 'diagnose the deployment');
  const checkedAt = context.clock();
  const workers = await context.inspector.countWorkers().catch(() => null);
  const unsettled = await measureUnsettled(context);
  const findings = [
    ...aboutTemporal(workers),
    ...aboutUnplanned(unsettled),
    ...(await aboutOverdue(context, unsettled)),
    ...(await aboutEvents(context)),
    ...(await findInWebhooks(context, { temporal: workers !== null })),
  ];
  return {
    checkedAt: checkedAt.toISOString(),
    healthy: findings.every(({ severity }) => severity !== 'problem'),
    unsettled,
    findings: findings.map((finding) => ({ ...finding, summary: capitalize(finding.summary) })),
  };
}

function aboutTemporal(workers: number | null): Finding[] {
  if (workers === null) {
    return [
      problem('temporal-unreachable', {
        summary: 'Temporal does not answer. Writes are accepted; deliveries wait.',
        advice: 'Check that Temporal runs, and TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE of this process.',
      }),
    ];
  }
  if (workers > 0) return [];
  return [
    problem('no-worker', {
      summary: 'No worker asks for work. Writes are accepted; nothing is delivered.',
      advice: 'Start one, `tablehook worker`, with the same TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.',
    }),
  ];
}

function aboutUnplanned(unsettled: readonly Unsettled[]): Finding[] {
  const { count, oldestSeconds, oldestChangeId } = of(unsettled, 'not-planned');
  if (oldestSeconds === null || oldestSeconds * 1000 < OVERDUE_AFTER_MS) return [];
  return [
    problem('changes-not-planned', {
      summary: `${plural(count, 'change is', 'changes are')} not planned yet, the oldest for ${minutes(oldestSeconds)}.`,
      advice:
        'Workers are too few, cannot reach Temporal, or fail: look for "relay failed" in their logs, and at their CPU.',
      examples: oldestChangeId === null ? [] : [oldestChangeId],
    }),
  ];
}

async function aboutOverdue(context: RequestContext, unsettled: readonly Unsettled[]): Promise<Finding[]> {
  const { count, oldestSeconds } = of(unsettled, 'overdue');
  if (count === 0) return [];
  return [
    problem('deliveries-overdue', {
      summary: `${plural(count, 'delivery is', 'deliveries are')} neither being attempted nor waiting for anything, the oldest owed for ${minutes(oldestSeconds ?? 0)}.`,
      advice:
        'A worker takes each up again about a minute after it got lost. If they stay, look for "reconciler failed" in the workers\' logs.',
      examples: await findOverdue(context, EXAMPLES),
    }),
  ];
}

async function aboutEvents(context: RequestContext): Promise<Finding[]> {
  const count = await countLeftUntold(context, OVERDUE_AFTER_MS);
  if (count === 0) return [];
  return [
    problem('events-untold', {
      summary: `${plural(count, 'operational event is', 'operational events are')} not told yet.`,
      advice:
        'A worker tells what another left untold within a minute. If they stay, look for "reconciler failed" in the workers\' logs.',
    }),
  ];
}

function problem(
  code: Finding['code'],
  told: Pick<Finding, 'summary' | 'advice'> & Partial<Pick<Finding, 'examples'>>,
): Finding {
  return { code, severity: 'problem', examples: [], ...told };
}

function of(unsettled: readonly Unsettled[], standing: Unsettled['standing']): Unsettled {
  const found = unsettled.find((one) => one.standing === standing);
  return found ?? { standing, count: 0, oldestSeconds: null, oldestChangeId: null };
}

function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function minutes(seconds: number): string {
  const whole = Math.round(seconds / 60);
  return whole === 1 ? 'a minute' : `${whole.toLocaleString('en')} minutes`;
}

function capitalize(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
