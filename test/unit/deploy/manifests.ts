import { readYaml } from './project-files.ts';

type Labels = Record<string, string>;

export interface Probe {
  httpGet: { path: string; port: string };
  timeoutSeconds?: number;
}

/** What the tests look at of a container. */
export interface Container {
  name: string;
  image: string;
  command?: string[];
  args: string[];
  env?: unknown;
  envFrom: unknown[];
  ports?: { name: string; containerPort: number }[];
  lifecycle?: { preStop: { exec: { command: string[] } } };
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  resources: { requests: object; limits: object };
  securityContext: object;
}

export interface Pod {
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  terminationGracePeriodSeconds?: number;
  securityContext: object;
  containers: Container[];
}

/** What the tests look at of an object: of a workload, a service, a disruption budget. */
export interface Manifest {
  kind: string;
  metadata: { name: string; labels: Labels };
  spec: {
    selector?: { matchLabels: Labels } | Labels;
    template?: { metadata: { labels: Labels; annotations?: Labels }; spec: Pod };
    ports?: { targetPort: string }[];
  };
}

export interface Kustomization {
  resources?: string[];
  components?: string[];
  images?: { name: string }[];
  configMapGenerator?: { name: string; envs: string[] }[];
  secretGenerator?: { name: string; envs: string[] }[];
}

export const FOLDER = 'deploy/kubernetes';

export function readManifests(file: string): Manifest[] {
  return readYaml<Manifest>(`${FOLDER}/${file}`);
}

export function readKustomization(folder: string): Kustomization {
  const [kustomization] = readYaml<Kustomization>(`${FOLDER}/${folder}/kustomization.yaml`);
  return kustomization ?? {};
}

/** The one object of a kind in a file. */
export function objectOf(file: string, kind: string): Manifest {
  const found = readManifests(file).filter((manifest) => manifest.kind === kind);
  const [object] = found;
  if (!object || found.length > 1) throw new Error(`${file} has ${found.length} of kind ${kind}`);
  return object;
}

/** The pod that a workload makes, and its one container. */
export function podOf({ metadata, spec }: Manifest): { pod: Pod; container: Container; labels: Labels } {
  const container = spec.template?.spec.containers[0];
  if (!spec.template || !container) throw new Error(`${metadata.name} makes no pod`);
  return { pod: spec.template.spec, container, labels: spec.template.metadata.labels };
}
