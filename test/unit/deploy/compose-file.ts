import { readYaml } from './project-files.ts';

/** What the tests look at of a service. */
export interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; timeout: string };
  restart?: string;
  read_only?: boolean;
  stop_grace_period?: string;
}

export interface ComposeFile {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const REFERENCE = /\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g;

/** docker-compose.yml as Docker Compose reads it with these variables. Throws for one that is required and missing. */
export function readCompose(env: Record<string, string>): ComposeFile {
  const [file] = readYaml<ComposeFile>('docker-compose.yml');
  if (!file) throw new Error('docker-compose.yml is empty');
  return mapStrings(file, (text) => interpolate(text, env)) as ComposeFile;
}

/** The names of the variables that the file reads. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map(([, name = '']) => name);
}

/** A service of the file. */
export function serviceOf({ services }: ComposeFile, name: string): Service {
  const service = services[name];
  if (!service) throw new Error(`there is no service ${name}`);
  return service;
}

/** Milliseconds of a duration such as `90s`. */
export function toMs(duration: string | undefined): number {
  const seconds = /^(\d+)s$/.exec(duration ?? '')?.[1];
  if (seconds === undefined) throw new Error(`${duration} is no number of seconds`);
  return Number(seconds) * 1000;
}

function interpolate(text: string, env: Record<string, string>): string {
  return text.replaceAll(REFERENCE, (_whole, name: string, operator?: string, rest?: string) => {
    const value = env[name] ?? '';
    if (value !== '' || operator === undefined) return value;
    if (operator === '?') throw new Error(`${name} ${rest}`);
    return rest ?? '';
  });
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapStrings(item, map)]));
}
