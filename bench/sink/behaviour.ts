/** How an endpoint of the sink behaves, as the first part of its path says it. */
export type Behaviour =
  | { kind: 'ok' }
  /** Answers after a delay. */
  | { kind: 'delay'; ms: number }
  /** Answers so many per cent of deliveries after 500 ms. */
  | { kind: 'slow'; percent: number }
  /** Answers so many per cent of deliveries with 503 once, and then with 200. */
  | { kind: 'fail'; percent: number }
  /** Never answers. */
  | { kind: 'hang' }
  /** Answers every so many-th with 200 and forgets it: what a loss looks like from here. */
  | { kind: 'drop'; every: number };

/** The path of an endpoint. */
export function toPath(behaviour: Behaviour, stream: string, webhook: number): string {
  return `/${toWord(behaviour)}/${stream}/${webhook}`;
}

/** Reads a path back. Null for one that is none of ours. */
export function parsePath(path: string): { behaviour: Behaviour; stream: string; webhook: string } | null {
  const found = /^\/(ok|hang|delay-\d+|slow-\d+|fail-\d+|drop-\d+)\/([\w-]+)\/(\d+)$/.exec(path);
  const [, word = '', stream = '', webhook = ''] = found ?? [];
  return found ? { behaviour: parseWord(word), stream, webhook } : null;
}

function toWord(behaviour: Behaviour): string {
  switch (behaviour.kind) {
    case 'delay':
      return `delay-${behaviour.ms}`;
    case 'slow':
    case 'fail':
      return `${behaviour.kind}-${behaviour.percent}`;
    case 'drop':
      return `drop-${behaviour.every}`;
    default:
      return behaviour.kind;
  }
}

function parseWord(word: string): Behaviour {
  const [kind, number] = word.split('-');
  switch (kind) {
    case 'delay':
      return { kind, ms: Number(number) };
    case 'slow':
    case 'fail':
      return { kind, percent: Number(number) };
    case 'drop':
      return { kind, every: Number(number) };
    default:
      return { kind: kind === 'hang' ? 'hang' : 'ok' };
  }
}
