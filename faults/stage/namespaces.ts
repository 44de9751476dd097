import { spawnSync } from 'node:child_process';
import { runTool } from './run-tool.ts';

/** A host of its own for a process: a network namespace with one address on a bridge of ours. */
export interface Host {
  address: string;
  /** What goes before a command line to have it run there. */
  prefix: readonly string[];
}

/** A network of hosts, reachable from here. */
export interface Network {
  hosts: Host[];
  /** Drops what goes between this host and the others, not what goes between it and us; answers how to join it again. */
  isolate: (host: Host) => Promise<() => Promise<void>>;
  close: () => Promise<void>;
}

/** How many networks this process has made: their names differ. */
let opened = 0;

/** Makes a network of hosts. Needs root. */
export async function openNetwork(count: number): Promise<Network> {
  opened += 1;
  const tag = `th${process.pid % 100_000}x${opened}`;
  const block = `10.213.${(process.pid + opened) % 250}`;
  const names = Array.from({ length: count }, (_, index) => `${tag}n${index}`);
  const hosts = names.map((name, index) => ({
    address: `${block}.${10 + index}`,
    prefix: ['ip', 'netns', 'exec', name],
  }));
  const undo = (): void => {
    for (const name of names) spawnSync('ip', ['netns', 'del', name]);
    spawnSync('ip', ['link', 'del', tag]);
  };
  process.once('exit', undo);
  try {
    await runTool('ip', 'link', 'add', tag, 'type', 'bridge');
    await runTool('ip', 'addr', 'add', `${block}.1/24`, 'dev', tag);
    await runTool('ip', 'link', 'set', tag, 'up');
    for (const [index, name] of names.entries()) {
      await joinHost({ name, bridge: tag, address: hosts[index]?.address ?? '' });
    }
  } catch (error) {
    undo();
    process.off('exit', undo);
    throw error;
  }
  return {
    hosts,
    isolate: async (host) => {
      const others = hosts.filter(({ address }) => address !== host.address);
      const route = async (verb: 'add' | 'del') => {
        for (const { address } of others) await runInside(host, 'route', verb, 'blackhole', `${address}/32`);
      };
      await route('add');
      return async () => route('del');
    },
    close: async () => {
      process.off('exit', undo);
      undo();
    },
  };
}

/** Why no network of hosts can be had; null when it can. */
export async function whyNoNetwork(): Promise<string | null> {
  try {
    await (await openNetwork(1)).close();
    return null;
  } catch (error) {
    return `no network namespaces can be made here: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function joinHost(host: { name: string; bridge: string; address: string }): Promise<void> {
  const { name, bridge, address } = host;
  const outside = `${name}v`;
  await runTool('ip', 'netns', 'add', name);
  await runTool('ip', 'link', 'add', outside, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  await runTool('ip', 'link', 'set', outside, 'master', bridge);
  await runTool('ip', 'link', 'set', outside, 'up');
  for (const device of ['lo', 'eth0']) {
    await runTool('ip', '-n', name, 'link', 'set', device, 'up');
  }
  await runTool('ip', '-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
}

async function runInside({ prefix }: Host, ...args: string[]): Promise<void> {
  const [command = '', ...rest] = [...prefix, 'ip', ...args];
  await runTool(command, ...rest);
}
