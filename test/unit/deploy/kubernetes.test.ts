import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../../src/config.ts';
import { parseConfig } from '../../../src/config.ts';
import { DRAIN_MS } from '../../../src/listen.ts';
import { READINESS_DEADLINE_MS } from '../../../src/readiness.ts';
import { generateSecretKey } from '../../../src/secret-box.ts';
import { generateApiKey } from '../../../src/services/api-keys/create.ts';
import { helpOf, statusOf } from './commands.ts';
import { FOLDER, objectOf, podOf, readKustomization, readManifests } from './manifests.ts';
import { projectPath, readEnvFile, readProjectFile, SETTINGS, WORKER_TIMES_MS } from './project-files.ts';

const workloads: { mode: Mode; file: string; kind: string }[] = [
  { mode: 'setup', file: 'setup/job.yaml', kind: 'Job' },
  { mode: 'api', file: 'api.yaml', kind: 'Deployment' },
  { mode: 'worker', file: 'worker.yaml', kind: 'Deployment' },
];
const settings = readEnvFile(`${FOLDER}/config/tablehook.env`);
const placeholders = readEnvFile(`${FOLDER}/config/secrets.env.example`);
const secrets = { SECRET_KEYS: generateSecretKey('k1'), BOOTSTRAP_API_KEY: generateApiKey() };
const configOf = (mode: Mode) => parseConfig(mode, { ...settings, ...placeholders, ...secrets });
const listening = [
  { file: 'api.yaml', port: configOf('api').port },
  { file: 'worker.yaml', port: configOf('worker').metricsPort },
];
const deployed = (file: string) => podOf(objectOf(file, 'Deployment'));

describe.each(workloads)('the manifest of $mode', ({ mode, file, kind }) => {
  const { pod, container, labels } = podOf(objectOf(file, kind));

  it('runs a command that there is, from the image that kustomize names', async () => {
    expect(container.args).toEqual([mode]);
    expect(container.command).toBeUndefined();
    expect(await helpOf(mode)).toContain(`tablehook ${mode}`);
    expect(readKustomization('config').images?.map(({ name }) => name)).toEqual([container.image]);
  }, 60_000);

  it('takes its settings from the generated ConfigMap and Secret alone', () => {
    const { configMapGenerator, secretGenerator } = readKustomization('config');
    expect(container.env).toBeUndefined();
    expect(container.envFrom).toEqual([
      { configMapRef: { name: configMapGenerator?.[0]?.name } },
      { secretRef: { name: secretGenerator?.[0]?.name } },
    ]);
  });

  it('gets settings that its process accepts once the secrets are filled in, and refuses before', () => {
    expect(configOf(mode).mongodbUri).toContain('replicaSet=');
    expect(() => parseConfig(mode, { ...settings, ...placeholders })).toThrow(
      /SECRET_KEYS[^]*BOOTSTRAP_API_KEY|BOOTSTRAP_API_KEY[^]*SECRET_KEYS/,
    );
  });

  it('may do as little as a pod can', () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    // A service named like one of the settings must not become one.
    expect(pod.enableServiceLinks).toBe(false);
    expect(pod.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('asks for CPU and memory, and limits memory only', () => {
    expect(Object.keys(container.resources.requests).toSorted()).toEqual(['cpu', 'memory']);
    expect(Object.keys(container.resources.limits)).toEqual(['memory']);
  });

  it('is one component among those of the same name', () => {
    expect(labels).toEqual({ 'app.kubernetes.io/name': 'tablehook', 'app.kubernetes.io/component': mode });
  });
});

describe.each(listening)('the probes in $file', ({ file, port }) => {
  const { container } = deployed(file);
  const { startupProbe, livenessProbe, readinessProbe } = container;

  it('ask the port that the process listens on', () => {
    expect(container.ports).toEqual([{ name: 'http', containerPort: port }]);
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      expect(probe?.httpGet.port).toBe('http');
    }
    const annotations = objectOf(file, 'Deployment').spec.template?.metadata.annotations ?? {};
    expect(annotations['prometheus.io/port']).toBe(String(port));
  });

  it('ask paths that are served, and only readiness the one that looks at MongoDB', async () => {
    const paths = [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet.path ?? '');
    expect(paths).toEqual(['/livez', '/livez', '/readyz']);
    const annotations = objectOf(file, 'Deployment').spec.template?.metadata.annotations ?? {};
    for (const path of [...paths, annotations['prometheus.io/path'] ?? '']) {
      expect(await statusOf(path)).toBe(200);
    }
  });

  it('wait longer for readiness than it takes to find that MongoDB does not answer', () => {
    expect((readinessProbe?.timeoutSeconds ?? 1) * 1000).toBeGreaterThan(READINESS_DEADLINE_MS);
  });
});

describe('the end of a pod', () => {
  it('comes for a worker only after its grace, and its grace outlasts the longest call', () => {
    const { longestCall, grace, force } = WORKER_TIMES_MS;
    const { pod } = deployed('worker.yaml');
    expect(longestCall).toBeLessThan(grace);
    expect(grace).toBeLessThan(force);
    expect(force).toBeLessThan((pod.terminationGracePeriodSeconds ?? 30) * 1000);
  });

  it('comes for the API only after it left the endpoints and requests had their time to be answered', () => {
    const { pod, container } = deployed('api.yaml');
    const [sleep, seconds] = container.lifecycle?.preStop.exec.command ?? [];
    expect(sleep).toBe('sleep');
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(Number(seconds) * 1000 + DRAIN_MS).toBeLessThan((pod.terminationGracePeriodSeconds ?? 30) * 1000);
  });
});

describe('the kustomizations', () => {
  it.each(['.', 'setup', 'config'])('name files that there are in %s', (folder) => {
    const { resources = [], components = [], configMapGenerator = [] } = readKustomization(folder);
    const envs = configMapGenerator.flatMap((generator) => generator.envs);
    const missing = [...resources, ...components, ...envs].filter(
      (path) => !existsSync(projectPath(`${FOLDER}/${folder}/${path}`)),
    );
    expect(missing).toEqual([]);
  });

  it.each(['.', 'setup', 'config'])('leave out no manifest of %s', (folder) => {
    const files = readdirSync(projectPath(`${FOLDER}/${folder}`)).filter((name) => name.endsWith('.yaml'));
    const expected = files.filter((name) => name !== 'kustomization.yaml');
    expect(readKustomization(folder).resources?.toSorted()).toEqual(expected.toSorted());
  });

  it('set no variable that is not a setting', () => {
    const names = [...Object.keys(settings), ...Object.keys(placeholders)];
    expect(names.filter((name) => !SETTINGS.includes(name))).toEqual([]);
  });

  it('take secrets from a file that git ignores', () => {
    expect(readKustomization('config').secretGenerator?.[0]?.envs).toEqual(['secrets.env']);
    expect(readProjectFile('.gitignore').split('\n')).toContain(`${FOLDER}/config/secrets.env`);
  });
});

describe('services and disruption budgets', () => {
  it.each(['api.yaml', 'worker.yaml'])('select the pods of %s and no other', (file) => {
    const { labels } = deployed(file);
    for (const { spec } of readManifests(file)) {
      expect(spec.selector).toEqual(spec.ports ? labels : { matchLabels: labels });
    }
  });

  it('send requests to the port of the API', () => {
    const names = deployed('api.yaml').container.ports?.map(({ name }) => name);
    expect(objectOf('api.yaml', 'Service').spec.ports?.map(({ targetPort }) => targetPort)).toEqual(names);
  });
});
