/**
 * Pod definitions, made ready to be played on this machine: pure. What is read of them is described in
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
import { parseAllDocuments, stringify } from 'yaml';
import { isJson, type Json, listAt, mapAt } from '../../documents/json.ts';

export interface Pod {
  /** Of the definition, where it is the template of something. */
  readonly spec: Json;
  readonly labels: Json;
  /** What is read with it: ConfigMaps, Secrets, claims and service accounts. */
  readonly others: readonly Json[];
}

const templated = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);
/** Podman knows no service accounts; a cluster refuses the pod without its own. */
const playable = new Set(['ConfigMap', 'Secret', 'PersistentVolumeClaim']);
const beside = new Set([...playable, 'ServiceAccount']);

/** @throws Error for people when the text does not define one pod */
export function readPod(text: string): Pod {
  const documents = parseAllDocuments(text);
  const values = ('empty' in documents ? [] : documents).flatMap((document): Json[] => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`it is no YAML: ${error.message.split('\n')[0]?.replace(/:$/, '')}`);
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return isJson(value) ? [value] : [];
  });
  const pods = values.filter(({ kind }) => kind === 'Pod' || templated.has(String(kind)));
  const [pod, second] = pods;
  if (pod === undefined)
    throw new Error(`the file defines no pod; expected a Pod, or one of ${[...templated].join(', ')}`);
  if (second !== undefined) throw new Error('the file defines several pods; name a file with one of them');
  const inner = pod.kind === 'Pod' ? pod : mapAt(mapAt(pod, 'spec'), 'template');
  const spec = mapAt(inner, 'spec');
  if (containersOf(spec).length === 0) throw new Error('the pod has no containers');
  if (spec.hostNetwork === true)
    throw new Error("the pod uses the network of its machine ('hostNetwork'), where it would meet other services");
  return {
    spec,
    labels: mapAt(mapAt(inner, 'metadata'), 'labels'),
    others: values.filter(({ kind }) => beside.has(String(kind))),
  };
}

export function containersOf(spec: Json): readonly Json[] {
  return listAt(spec, 'containers').filter(isJson);
}

/**
 * Name of the container that runs the tested image.
 * @param wanted what the test file says
 * @param references names that the image is known by, without tag
 * @throws Error for people
 */
export function testedContainer({ spec }: Pod, wanted: string | undefined, references: readonly string[]): string {
  const containers = containersOf(spec);
  const names = containers.map(({ name }) => String(name));
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new Error(`the pod has no container '${wanted}'; there is ${names.join(', ')}`);
  }
  const fitting = containers.filter(({ image }) => references.includes(withoutTag(String(image))));
  const [only = containers.length === 1 ? containers[0] : undefined, second] = fitting;
  if (only === undefined || second !== undefined)
    throw new Error(`it is not clear which container runs the image; write container: one of ${names.join(', ')}`);
  return String(only.name);
}

function withoutTag(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^:/]+$/, '');
}

/** Ports of all containers that speak TCP, with those of their probes, numbers only. */
export function tcpPorts({ spec }: Pod): number[] {
  const ports = containersOf(spec).flatMap((container) => [
    ...listAt(container, 'ports').flatMap((port) =>
      isJson(port) && (port.protocol ?? 'TCP') === 'TCP' ? [port.containerPort] : [],
    ),
    ...['startupProbe', 'readinessProbe'].flatMap((probe) =>
      ['httpGet', 'tcpSocket'].map((action) => mapAt(mapAt(container, probe), action).port),
    ),
  ]);
  return [...new Set(ports.filter((port) => typeof port === 'number'))];
}

export interface Playing {
  /** Unique on this machine. */
  readonly name: string;
  readonly container: string;
  /** Reference of the tested image in the local store. */
  readonly image: string;
  /** Port of this machine by port of the pod. */
  readonly ports: Readonly<Record<number, number>>;
}

export interface Playable {
  /** YAML for `podman kube play`. */
  readonly text: string;
  /** What playing it leaves behind, besides the pod. */
  readonly volumes: readonly string[];
  readonly secrets: readonly string[];
}

/** The definition with names of its own for everything, the tested image, and its ports on the loopback address only. */
export function makePlayable(pod: Pod, { name, container, image, ports }: Playing): Playable {
  const own = (other: unknown): string => `${name}-${String(other)}`;
  const others = pod.others.filter(({ kind }) => playable.has(String(kind)));
  const known = new Set(others.map((other) => String(mapAt(other, 'metadata').name)));
  const rename = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((part) => rename(part, key));
    if (!isJson(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([inner, part]) => {
        const refers = referring[key]?.has(inner) === true && typeof part === 'string' && known.has(part);
        return [inner, refers ? own(part) : rename(part, inner)];
      }),
    );
  };
  const published = new Set<number>();
  const containers = containersOf(pod.spec).map((one) => {
    const { readinessProbe: _, startupProbe: __, ...rest } = one;
    const declared = listAt(one, 'ports').filter(isJson);
    const tested = one.name === container;
    const missing = tested
      ? Object.keys(ports)
          .map(Number)
          .filter((port) => !allDeclared(pod).has(port))
          .map((containerPort) => ({ containerPort }))
      : [];
    return {
      ...rest,
      ...(tested ? { image, imagePullPolicy: 'Never' } : {}),
      ports: [...declared, ...missing].map((port) => {
        const { hostPort: _, hostIP: __, ...plain }: Json = port;
        const number = Number(plain.containerPort);
        const host = ports[number];
        if (host === undefined || published.has(number)) return plain;
        published.add(number);
        return { ...plain, hostPort: host, hostIP: '127.0.0.1' };
      }),
    };
  });
  const definition = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: pod.labels },
    spec: rename({ ...pod.spec, containers }, 'spec'),
  };
  const renamed = others.map((other) => ({
    ...other,
    metadata: { ...mapAt(other, 'metadata'), name: own(mapAt(other, 'metadata').name) },
  }));
  const namesOf = (kinds: readonly string[]): string[] =>
    others.filter(({ kind }) => kinds.includes(String(kind))).map((other) => own(mapAt(other, 'metadata').name));
  return {
    text: documents([...renamed, definition]),
    volumes: namesOf(['ConfigMap', 'Secret', 'PersistentVolumeClaim']),
    secrets: namesOf(['Secret']),
  };
}

export interface Applying {
  /** Unique in the cluster. */
  readonly namespace: string;
  /** Of the pod. */
  readonly name: string;
  readonly container: string;
  /** Under which the nodes have the tested image, or can pull it. */
  readonly image: string;
  readonly imagePullPolicy: 'Never' | 'Always';
}

/**
 * YAML for `kubectl apply`: a namespace of its own, and in it the definition, under its own names but for the pod, with
 * the tested image and without ports of the node. Its probes are the cluster's to look at.
 */
export function makeApplicable(pod: Pod, { namespace, name, container, image, imagePullPolicy }: Applying): string {
  const containers = containersOf(pod.spec).map((one) => ({
    ...one,
    ...(one.name === container ? { image, imagePullPolicy } : {}),
    ports: listAt(one, 'ports').map((port) => {
      if (!isJson(port)) return port;
      const { hostPort: _, hostIP: __, ...plain } = port;
      return plain;
    }),
  }));
  const labels = { 'app.kubernetes.io/managed-by': 'image-cascade' };
  return documents([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    ...pod.others.map((other) => ({ ...other, metadata: { ...mapAt(other, 'metadata'), namespace } })),
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: pod.labels },
      spec: { ...pod.spec, containers },
    },
  ]);
}

function documents(values: readonly Json[]): string {
  return values.map((value) => stringify(value)).join('---\n');
}

/** Where a pod names a ConfigMap, a Secret or a claim: the key that holds the reference, and its own key in there. */
const referring: Readonly<Record<string, ReadonlySet<string>>> = {
  configMap: new Set(['name']),
  configMapRef: new Set(['name']),
  configMapKeyRef: new Set(['name']),
  secret: new Set(['secretName']),
  secretRef: new Set(['name']),
  secretKeyRef: new Set(['name']),
  persistentVolumeClaim: new Set(['claimName']),
};

function allDeclared({ spec }: Pod): Set<number> {
  return new Set(
    containersOf(spec).flatMap((container) =>
      listAt(container, 'ports').flatMap((port) => (isJson(port) ? [Number(port.containerPort)] : [])),
    ),
  );
}
