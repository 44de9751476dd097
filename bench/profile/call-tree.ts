import type { Part } from './part-of.ts';
import { partOf } from './part-of.ts';

/** What `--cpu-prof` writes, as far as it is read here. Times in microseconds. */
export interface CpuProfile {
  nodes: { id: number; callFrame: CallFrame; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

export interface CallFrame {
  functionName: string;
  url: string;
  lineNumber: number;
}

/** A function as called along one path. */
export interface Call {
  name: string;
  part: Part;
  selfMs: number;
  totalMs: number;
  callees: Map<string, Call>;
}

/** Loading modules is start-up, waiting is no work. */
const LEFT_OUT = new Set(['(idle)', '(program)']);
const START_UP = /^node:internal\/(modules|main|process\/esm|process\/execution)|^node:internal\/bootstrap/;

/** The calls of a profile, start-up and idleness left out, added up by the functions on the way. */
export function toCallTree(profile: CpuProfile): Call {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const selfMs = new Map<number, number>();
  for (const [index, id] of profile.samples.entries()) {
    selfMs.set(id, (selfMs.get(id) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1_000);
  }
  const root: Call = { name: 'all', part: 'Node', selfMs: 0, totalMs: 0, callees: new Map() };
  const top = profile.nodes[0];
  if (!top) return root;
  const visit = (id: number, caller: Call): void => {
    const node = nodes.get(id);
    if (!node || LEFT_OUT.has(node.callFrame.functionName) || START_UP.test(node.callFrame.url)) return;
    const call = callee(caller, node.callFrame);
    call.selfMs += selfMs.get(id) ?? 0;
    for (const child of node.children ?? []) visit(child, call);
  };
  for (const child of top.children ?? []) visit(child, root);
  sum(root);
  return root;
}

function callee(caller: Call, frame: CallFrame): Call {
  const part = partOf(frame);
  const name = frame.functionName === '' ? `(anonymous, ${part})` : frame.functionName;
  const key = `${part} ${name}`;
  const known = caller.callees.get(key);
  if (known) return known;
  const call: Call = { name, part, selfMs: 0, totalMs: 0, callees: new Map() };
  caller.callees.set(key, call);
  return call;
}

function sum(call: Call): number {
  call.totalMs = call.selfMs;
  for (const next of call.callees.values()) call.totalMs += sum(next);
  return call.totalMs;
}

/** Milliseconds each part took itself, most first. */
export function selfByPart(root: Call): [Part, number][] {
  const parts = new Map<Part, number>();
  const visit = (call: Call): void => {
    parts.set(call.part, (parts.get(call.part) ?? 0) + call.selfMs);
    for (const next of call.callees.values()) visit(next);
  };
  visit(root);
  return [...parts].filter(([, ms]) => ms > 0).toSorted((a, b) => b[1] - a[1]);
}
