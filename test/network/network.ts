import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

/** Names of network namespaces: where Tablehook runs, the public hosts, and those of the operator's own network. */
export interface Network {
  caller: string;
  internet: string;
  inside: string;
  remove(): void;
}

export const DNS_SERVER = '9.9.9.9';
const PREFIX = 'tablehook-guard';
const INTERNET = [DNS_SERVER, '8.8.4.4', '93.184.216.34', '2606:2800:220:1::34', '2a00:1450:4001:800::200e'];
const INSIDE = [
  ...['10.0.0.5', '100.64.0.5', '169.254.169.254', '169.254.7.7', '172.16.0.5', '192.168.1.5', '198.18.0.5'],
  ...['fd00::5', 'fec0::5', '64:ff9b::a00:5', '2002:a00:5::1', 'fd00:ec2::254'],
];
const INSIDE_BLOCKS = [
  ...['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'],
  ...['fc00::/7', 'fec0::/10', '64:ff9b::/96', '2002::/16'],
];

/** Why no namespaces with real addresses can be made here, or null. */
export function whyNoNetwork(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const name = `${PREFIX}-${process.pid}-probe`;
  try {
    ip(['netns', 'add', name]);
    ip(['-n', name, 'link', 'add', 'name', 'here', 'type', 'veth', 'peer', 'name', 'there']);
    ip(['-n', name, 'address', 'add', 'fd00::1/128', 'dev', 'here', 'nodad']);
    ip(['netns', 'exec', name, 'true']);
    return null;
  } catch (error) {
    return `ip netns does not work here: ${(error as Error).message.split('\n').slice(0, 2).join(' ')}`;
  } finally {
    removeNamespace(name);
  }
}

/** Makes the three, and removes first what runs that were killed left behind. */
export function makeNetwork(): Network {
  removeLeftovers();
  const [caller, internet, inside] = ['caller', 'internet', 'inside'].map(
    (role) => `${PREFIX}-${process.pid}-${role}`,
  ) as [string, string, string];
  const remove = () => [caller, internet, inside].forEach(removeNamespace);
  try {
    for (const name of [caller, internet, inside]) addNamespace(name);
    addHosts(internet, { caller, as: ['81.2.69.142', '2001:470::2'], addresses: INTERNET });
    addHosts(inside, { caller, as: ['10.255.0.2', 'fd00:ffff::2'], addresses: INSIDE });
    const routes = (blocks: string[], device: string) =>
      blocks.map((block) => `${family(block)} route add ${block} dev ${device}`);
    batch(caller, [...routes(['0.0.0.0/0', '::/0'], 'internet'), ...routes(INSIDE_BLOCKS, 'inside')]);
    // ip netns exec shows this file as /etc/resolv.conf.
    mkdirSync(`/etc/netns/${caller}`, { recursive: true });
    const lines = [`nameserver ${DNS_SERVER}`, 'options timeout:1 attempts:1'];
    writeFileSync(`/etc/netns/${caller}/resolv.conf`, `${lines.join('\n')}\n`);
  } catch (error) {
    remove();
    throw error;
  }
  return { caller, internet, inside, remove };
}

function addNamespace(name: string): void {
  ip(['netns', 'add', name]);
  batch(name, ['link set lo up']);
}

/** A cable between the caller and a namespace that has all these addresses. */
function addHosts(
  name: string,
  { caller, as, addresses }: { caller: string; as: string[]; addresses: string[] },
): void {
  const end = name.slice(name.lastIndexOf('-') + 1);
  ip(['-n', caller, 'link', 'add', 'name', end, 'type', 'veth', 'peer', 'name', 'hosts', 'netns', name]);
  const assign = (given: string[], device: string) =>
    given.map((address) => `${family(address)} address add ${toHostBlock(address)} dev ${device}`);
  batch(caller, [`link set ${end} up`, ...assign(as, end)]);
  const routes = ['route add default dev hosts', '-6 route add default dev hosts'];
  batch(name, ['link set hosts up', ...assign(addresses, 'hosts'), ...routes]);
}

function family(address: string): string {
  return address.includes(':') ? '-6' : '-4';
}

function toHostBlock(address: string): string {
  return address.includes(':') ? `${address}/128 nodad` : `${address}/32`;
}

function batch(name: string, lines: string[]): void {
  // One by one: in a batch, -4 and -6 hold for all lines.
  for (const line of lines) ip(['-n', name, ...line.split(' ')]);
}

function removeLeftovers(): void {
  const names = [...list('/run/netns'), ...list('/etc/netns')];
  for (const name of names) {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeNamespace(name);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function removeNamespace(name: string): void {
  rmSync(`/etc/netns/${name}`, { recursive: true, force: true });
  if (list('/run/netns').includes(name)) ip(['netns', 'delete', name]);
}

function ip(args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 10_000 });
}
