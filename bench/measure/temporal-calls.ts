import { readFile, readdir, readlink } from 'node:fs/promises';

/** What clients of Temporal send for workflows and activities; polls that come back empty and admin calls are not work. */
const CALLS = new Set([
  ...['StartWorkflowExecution', 'SignalWorkflowExecution', 'SignalWithStartWorkflowExecution'],
  ...['RespondWorkflowTaskCompleted', 'RespondWorkflowTaskFailed'],
  ...['RespondActivityTaskCompleted', 'RespondActivityTaskFailed', 'RecordActivityTaskHeartbeat'],
  ...['PollWorkflowTaskQueue', 'PollActivityTaskQueue', 'DescribeWorkflowExecution'],
]);

/**
 * Finds where a Temporal server tells its metrics: the one of its listening ports that answers /metrics. Null where there is
 * none, or no /proc to look in.
 */
export async function findMetricsUrl(pid: number): Promise<string | null> {
  for (const port of await listeningPorts(pid)) {
    const url = `http://127.0.0.1:${port}/metrics`;
    if ((await readMetrics(url))?.includes('service_requests')) return url;
  }
  return null;
}

/** Calls that the server's frontend took since it started, by operation. */
export async function readCalls(metricsUrl: string): Promise<Record<string, number>> {
  return parseCalls((await readMetrics(metricsUrl)) ?? '');
}

/** Reads `service_requests` of the frontend out of Prometheus text. */
export function parseCalls(metrics: string): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const [, labels = '', value] of metrics.matchAll(/^service_requests\{([^}]*)\} (\S+)$/gm)) {
    const operation = /operation="([^"]+)"/.exec(labels)?.[1] ?? '';
    if (!labels.includes('service_name="frontend"') || !CALLS.has(operation)) continue;
    calls[operation] = (calls[operation] ?? 0) + Number(value);
  }
  return calls;
}

async function readMetrics(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

async function listeningPorts(pid: number): Promise<number[]> {
  try {
    const folder = `/proc/${pid}/fd`;
    const links = await Promise.all(
      (await readdir(folder)).map(async (fd) => readlink(`${folder}/${fd}`).catch(() => '')),
    );
    const sockets = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map(async (name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
    );
    return [...new Set(tables.flatMap((table) => portsOf(table, sockets)))];
  } catch {
    return [];
  }
}

const LISTEN = '0A';

function portsOf(table: string, sockets: ReadonlySet<string | undefined>): number[] {
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== LISTEN || !sockets.has(inode)) return [];
    return [Number.parseInt(local?.split(':')[1] ?? '', 16)];
  });
}
