import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import { z } from 'zod';
import type { Retention } from './domain/retention.ts';
import { EMBEDDED_SEARCH_ATTRIBUTE_BYTES } from './embedded/search-attribute-bytes.ts';
import type { ErrorDetail } from './errors.ts';
import { AppError } from './errors.ts';
import { parseEgressProxy, type EgressProxy } from './outbound/egress-proxy.ts';

/** How the process is composed; decides which settings are required and what the defaults are. */
export type Mode = 'standalone' | 'api' | 'worker' | 'setup';

const port = wholeNumber(0, 65535);
const flag = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((value) => value === 'true' || value === '1');
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const cidrs = list.pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'must be a block such as 10.1.0.0/16')));
const secretKeys = list.pipe(
  z
    .array(z.string().regex(/^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43}=$/, 'must be id:base64 of 32 bytes'))
    .min(1, 'must hold a key')
    .refine((keys) => new Set(keys.map((key) => key.split(':', 1)[0])).size === keys.length, {
      message: 'must not give one id to two keys',
    }),
);
const webAddress = z.url({ protocol: /^https?$/, error: 'must begin with http:// or https://' });
const egressProxy = z.string().transform((text, context) => {
  try {
    return parseEgressProxy(text);
  } catch (error) {
    // Without the text, which may hold a password.
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});
const file = z.string().transform((path, context) => {
  try {
    return readFileSync(path);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `cannot be read: ${(error as Error).message}` });
    return z.NEVER;
  }
});

/** Every environment variable Tablehook reads, with its form. The names are a contract. */
export const Environment = z.object({
  HOST: z.string().optional(),
  PORT: port.default(3000),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb://')
    .optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TLS: flag.optional(),
  TEMPORAL_TLS_CA_FILE: file.optional(),
  TEMPORAL_TLS_CERT_FILE: file.optional(),
  TEMPORAL_TLS_KEY_FILE: file.optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  TEMPORAL_UI_URL: webAddress.optional(),
  DATA_DIR: z.string().default('.tablehook'),
  MONGOD_PATH: z.string().optional(),
  TEMPORAL_CLI_PATH: z.string().optional(),
  EMBEDDED_MONGODB_PORT: port.default(0),
  EMBEDDED_TEMPORAL_PORT: port.default(0),
  EMBEDDED_TEMPORAL_UI_PORT: port.default(0),
  BOOTSTRAP_API_KEY: z
    .string()
    .regex(/^thk_[A-Za-z0-9_-]{32,100}$/, 'must be thk_ and at least 32 letters, digits, - or _')
    .optional(),
  SECRET_KEYS: secretKeys.optional(),
  ALLOW_TARGET_CIDRS: cidrs.optional(),
  REQUIRE_HTTPS_TARGETS: flag.default(false),
  EGRESS_PROXY_URL: egressProxy.optional(),
  RETENTION_DAYS: wholeNumber(1, 3_650).default(30),
  RETENTION_FAILED_DAYS: wholeNumber(1, 3_650).default(90),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).optional(),
  METRICS_PORT: port.default(9464),
  API_KEY_REQUESTS_PER_SECOND: wholeNumber(1, 1_000_000).default(2_000),
  FAILED_API_KEYS_PER_MINUTE: wholeNumber(1, 1_000_000).default(100),
  TEMPORAL_SEARCH_ATTRIBUTE_BYTES: wholeNumber(256, 65_536).optional(),
  FAST_PATH_WORKFLOWS: wholeNumber(0, 64).optional(),
  CHANGES_PER_WORKFLOW: wholeNumber(1, 500).default(300),
  XDG_CACHE_HOME: z.string().optional(),
  PATH: z.string().default(''),
});
export type Environment = z.infer<typeof Environment>;

export interface TemporalConfig {
  address: string;
  namespace: string;
  apiKey: string | undefined;
  tls: TlsConfig | undefined;
  uiUrl: string | undefined;
  /** Of JSON, that the server takes as the value of one search attribute. */
  searchAttributeBytes: number;
}

export interface TlsConfig {
  serverNameOverride?: string;
  serverRootCACertificate?: Buffer;
  clientCertPair?: { crt: Buffer; key: Buffer };
}

/** Settings of every mode; the addresses of given servers are undefined only where embedded ones stand in. */
export interface Config {
  mode: Mode;
  host: string;
  port: number;
  mongodbUri: string | undefined;
  temporal: Omit<TemporalConfig, 'address'> & { address: string | undefined };
  dataDir: string;
  cacheDir: string;
  path: string;
  mongodPath: string | undefined;
  temporalCliPath: string | undefined;
  embedded: { mongodbPort: number; temporalPort: number; temporalUiPort: number };
  bootstrapApiKey: string | undefined;
  /** `id:base64`, the first one encrypts. Empty only in standalone, which keeps one of its own. */
  secretKeys: string[];
  targets: { allowCidrs: string[]; requireHttps: boolean; egressProxy: EgressProxy | undefined };
  retention: Retention;
  logLevel: string;
  metricsPort: number;
  /** Of each API process: requests with one API key, and requests without a valid one from one address. */
  limits: { requestsPerSecond: number; failedAuthenticationsPerMinute: number };
  fastPathWorkflows: number;
  changesPerWorkflow: number;
}

/** Every environment variable that commands which call the API read. The names are a contract. */
const ClientEnvironment = z.object({
  TABLEHOOK_URL: webAddress.default('http://127.0.0.1:3000'),
  TABLEHOOK_API_KEY: z.string().optional(),
  DATA_DIR: z.string().default('.tablehook'),
  NO_COLOR: z.string().optional(),
});

/** Where a command finds Tablehook, and how it shows what it found. */
export interface ClientConfig {
  url: string;
  apiKey: string | undefined;
  /** Where `start` keeps a key. */
  dataDir: string;
  colour: boolean;
}

/** Temporal's own limit, `frontend.searchAttributesSizeOfValueLimit`. */
const SEARCH_ATTRIBUTE_BYTES = 2_048;
const LOOPBACK_CIDRS = ['127.0.0.0/8', '::1/128'];

/** Reads `.env` beside the process, then the environment. The only reader of `process.env`. */
export function loadConfig(mode: Mode): Config {
  if (existsSync('.env')) loadEnvFile('.env');
  return parseConfig(mode, process.env);
}

/** Settings of a command that calls the API; what was given as an option goes before the environment and `.env`. */
export function loadClientConfig(options: { url?: string; apiKey?: string }): ClientConfig {
  if (existsSync('.env')) loadEnvFile('.env');
  return parseClientConfig(options, process.env);
}

/** Parses an environment for a command that calls the API. Throws an AppError naming the option or variable at fault. */
export function parseClientConfig(
  { url, apiKey }: { url?: string; apiKey?: string },
  env: Record<string, string | undefined>,
): ClientConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = ClientEnvironment.safeParse({ ...given, ...(url !== undefined && { TABLEHOOK_URL: url }) });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = url === undefined ? issue?.path.join('.') : '--url';
    throw new AppError('invalid_request', `${name} ${issue?.message}, such as http://127.0.0.1:3000.`);
  }
  return {
    url: parsed.data.TABLEHOOK_URL.replace(/\/+$/, ''),
    apiKey: apiKey ?? parsed.data.TABLEHOOK_API_KEY,
    dataDir: resolve(parsed.data.DATA_DIR),
    colour: parsed.data.NO_COLOR === undefined,
  };
}

/** Parses an environment. Throws an AppError naming every variable that is missing or malformed. */
export function parseConfig(mode: Mode, env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  const malformed = parsed.error?.issues ?? [];
  const faults = [
    ...malformed.map(({ path, message }) => ({ path: path.join('.'), message })),
    ...missing(mode, given),
    ...(parsed.success ? unfit(mode, parsed.data) : []),
  ];
  if (!parsed.success || faults.length > 0) {
    const lines = faults.map(({ path, message }) => `  ${path}: ${message}`).join('\n');
    throw new AppError('invalid_request', `The configuration is not usable:\n${lines}`, { errors: faults });
  }
  return toConfig(mode, parsed.data);
}

function missing(mode: Mode, given: Record<string, string | undefined>): ErrorDetail[] {
  const { TEMPORAL_TLS_CERT_FILE: crt, TEMPORAL_TLS_KEY_FILE: key } = given;
  const needed = {
    ...(mode !== 'standalone' && {
      MONGODB_URI: 'is required: the address of a MongoDB replica set',
      TEMPORAL_ADDRESS: 'is required: host:port of the Temporal frontend',
    }),
    ...((mode === 'api' || mode === 'worker') && {
      SECRET_KEYS: 'is required: id:base64 of 32 random bytes, such as k1:$(openssl rand -base64 32)',
    }),
    ...(key !== undefined && { TEMPORAL_TLS_CERT_FILE: 'is required with TEMPORAL_TLS_KEY_FILE' }),
    ...(crt !== undefined && { TEMPORAL_TLS_KEY_FILE: 'is required with TEMPORAL_TLS_CERT_FILE' }),
  };
  return Object.entries(needed)
    .filter(([name]) => given[name] === undefined)
    .map(([path, message]) => ({ path, message }));
}

function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(message).int(message).min(least, message).max(most, message);
}

/** Settings that are well-formed, and impossible here or together. */
function unfit(mode: Mode, env: Environment): ErrorDetail[] {
  const { RETENTION_DAYS: days, RETENTION_FAILED_DAYS: failedDays } = env;
  // The relay starts what nobody else has in hand, over places of its own: without any, nothing would.
  const hasRelay = mode === 'worker' || mode === 'standalone';
  const faults = {
    ...(hasRelay &&
      env.FAST_PATH_WORKFLOWS === 0 && {
        FAST_PATH_WORKFLOWS: 'must be at least 1 where a worker runs: it starts the workflows',
      }),
    ...(failedDays < days && {
      RETENTION_FAILED_DAYS: `is ${failedDays} and must not be less than RETENTION_DAYS, which is ${days}`,
    }),
  };
  return Object.entries(faults).map(([path, message]) => ({ path, message }));
}

function toConfig(mode: Mode, env: Environment): Config {
  const standalone = mode === 'standalone';
  return {
    mode,
    host: env.HOST ?? (standalone ? '127.0.0.1' : '0.0.0.0'),
    port: env.PORT,
    mongodbUri: env.MONGODB_URI,
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE,
      apiKey: env.TEMPORAL_API_KEY,
      tls: toTls(env),
      uiUrl: env.TEMPORAL_UI_URL?.replace(/\/+$/, ''),
      searchAttributeBytes:
        env.TEMPORAL_SEARCH_ATTRIBUTE_BYTES ??
        (standalone && env.TEMPORAL_ADDRESS === undefined
          ? EMBEDDED_SEARCH_ATTRIBUTE_BYTES
          : SEARCH_ATTRIBUTE_BYTES),
    },
    dataDir: resolve(env.DATA_DIR),
    cacheDir: join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tablehook'),
    path: env.PATH,
    mongodPath: env.MONGOD_PATH,
    temporalCliPath: env.TEMPORAL_CLI_PATH,
    embedded: {
      mongodbPort: env.EMBEDDED_MONGODB_PORT,
      temporalPort: env.EMBEDDED_TEMPORAL_PORT,
      temporalUiPort: env.EMBEDDED_TEMPORAL_UI_PORT,
    },
    bootstrapApiKey: env.BOOTSTRAP_API_KEY,
    secretKeys: env.SECRET_KEYS ?? [],
    targets: {
      allowCidrs: env.ALLOW_TARGET_CIDRS ?? (standalone ? LOOPBACK_CIDRS : []),
      requireHttps: env.REQUIRE_HTTPS_TARGETS,
      egressProxy: env.EGRESS_PROXY_URL,
    },
    retention: { days: env.RETENTION_DAYS, failedDays: env.RETENTION_FAILED_DAYS },
    logLevel: env.LOG_LEVEL ?? (standalone ? 'warn' : 'info'),
    metricsPort: env.METRICS_PORT,
    limits: {
      requestsPerSecond: env.API_KEY_REQUESTS_PER_SECOND,
      failedAuthenticationsPerMinute: env.FAILED_API_KEYS_PER_MINUTE,
    },
    fastPathWorkflows: env.FAST_PATH_WORKFLOWS ?? (env.CHANGES_PER_WORKFLOW === 1 ? 6 : 2),
    changesPerWorkflow: env.CHANGES_PER_WORKFLOW,
  };
}

function toTls(env: Environment): TlsConfig | undefined {
  const { TEMPORAL_TLS_CA_FILE: ca, TEMPORAL_TLS_CERT_FILE: crt, TEMPORAL_TLS_KEY_FILE: key } = env;
  const wanted =
    env.TEMPORAL_TLS ?? (ca !== undefined || crt !== undefined || env.TEMPORAL_API_KEY !== undefined);
  if (!wanted) return undefined;
  return {
    ...(env.TEMPORAL_TLS_SERVER_NAME !== undefined && { serverNameOverride: env.TEMPORAL_TLS_SERVER_NAME }),
    ...(ca !== undefined && { serverRootCACertificate: ca }),
    ...(crt !== undefined && key !== undefined && { clientCertPair: { crt, key } }),
  };
}
