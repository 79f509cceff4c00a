import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { type PodCheck, podCheck } from '../../src/checks/kinds/pod.ts';
import { makeApplicable, makePlayable, readPod, tcpPorts, testedContainer } from '../../src/checks/pod/definition.ts';
import { readProbe } from '../../src/checks/pod/probes.ts';
import { attempt } from '../../src/checks/run-check.ts';
import { type Answer, answering, type Call } from '../engine/processes.ts';
import { subjectOn } from './subject.ts';

const definition = `
kind: ConfigMap
metadata: { name: settings }
---
kind: Secret
metadata: { name: token }
---
kind: ServiceAccount
metadata: { name: robot }
---
kind: Deployment
spec:
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/web:1.4
          ports: [{ containerPort: 8080, hostPort: 80 }, { containerPort: 53, protocol: UDP }]
          envFrom: [{ configMapRef: { name: settings } }, { configMapRef: { name: elsewhere } }]
          readinessProbe: { httpGet: { port: 9090 } }
        - { name: cache, image: redis, ports: [{ containerPort: 6379 }] }
      volumes: [{ name: settings, secret: { secretName: token } }]
`;

describe('a pod definition', () => {
  it('is read from whatever has a pod as its template', () => {
    const pod = readPod(definition);
    expect(pod.labels).toEqual({ app: 'web' });
    expect(pod.others.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Secret', 'ServiceAccount']);
    expect(tcpPorts(pod)).toEqual([8080, 9090, 6379]);
  });

  it.each([
    ['kind: Service', 'the file defines no pod'],
    ['kind: Pod\n---\nkind: Pod', 'the file defines several pods'],
    ['kind: Pod', 'the pod has no containers'],
    ['kind: Pod\nspec: { hostNetwork: true, containers: [{ name: a }] }', 'the pod uses the network of its machine'],
    ['kind: [', 'it is no YAML'],
  ])('is refused when it is %j', (text, message) => {
    expect(() => readPod(text)).toThrow(message);
  });

  it('tells which container runs the image, where it can', () => {
    const pod = readPod(definition);
    expect(testedContainer(pod, undefined, ['web', 'ghcr.io/acme/web'])).toBe('web');
    expect(testedContainer(pod, 'cache', [])).toBe('cache');
    expect(() => testedContainer(pod, undefined, ['ghcr.io/acme/api'])).toThrow('write container: one of web, cache');
    expect(() => testedContainer(pod, 'api', [])).toThrow("the pod has no container 'api'; there is web, cache");
  });

  it('is played under names of its own, on the loopback address, with the tested image', () => {
    const ports = { 8080: 40001, 9090: 40002 };
    const { text, volumes, secrets } = makePlayable(readPod(definition), {
      name: 'x',
      container: 'web',
      image: 'local/web:1',
      ports,
    });
    expect(volumes).toEqual(['x-settings', 'x-token']);
    expect(secrets).toEqual(['x-token']);
    const documents = parseAllDocuments(text);
    const [settings, , pod] = ('empty' in documents ? [] : documents).map((document) => document.toJS());
    expect(settings.metadata.name).toBe('x-settings');
    expect(pod).toMatchObject({ kind: 'Pod', metadata: { name: 'x', labels: { app: 'web' } } });
    const [web, cache] = pod.spec.containers;
    expect(web).toEqual({
      name: 'web',
      image: 'local/web:1',
      imagePullPolicy: 'Never',
      ports: [
        { containerPort: 8080, hostPort: 40001, hostIP: '127.0.0.1' },
        { containerPort: 53, protocol: 'UDP' },
        { containerPort: 9090, hostPort: 40002, hostIP: '127.0.0.1' },
      ],
      envFrom: [{ configMapRef: { name: 'x-settings' } }, { configMapRef: { name: 'elsewhere' } }],
    });
    expect(cache).toEqual({ name: 'cache', image: 'redis', ports: [{ containerPort: 6379 }] });
    expect(pod.spec.volumes).toEqual([{ name: 'settings', secret: { secretName: 'x-token' } }]);
  });
});

describe('a pod definition for a cluster', () => {
  it('has a namespace of its own, the tested image, and no ports of the node', () => {
    const text = makeApplicable(readPod(definition), {
      namespace: 'x',
      name: 'tested',
      container: 'web',
      image: 'registry.test/web:1',
      imagePullPolicy: 'Always',
    });
    const documents = parseAllDocuments(text);
    const values = ('empty' in documents ? [] : documents).map((document) => document.toJS());
    expect(values.map(({ kind, metadata }) => `${kind} ${metadata.name} in ${metadata.namespace}`)).toEqual([
      'Namespace x in undefined',
      'ConfigMap settings in x',
      'Secret token in x',
      'ServiceAccount robot in x',
      'Pod tested in x',
    ]);
    const { metadata, spec } = values[4];
    expect(metadata.labels).toEqual({ app: 'web' });
    expect(spec.containers).toEqual([
      {
        name: 'web',
        image: 'registry.test/web:1',
        imagePullPolicy: 'Always',
        ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: 'UDP' }],
        envFrom: [{ configMapRef: { name: 'settings' } }, { configMapRef: { name: 'elsewhere' } }],
        readinessProbe: { httpGet: { port: 9090 } },
      },
      { name: 'cache', image: 'redis', ports: [{ containerPort: 6379 }] },
    ]);
  });
});

describe('a probe', () => {
  const container = { name: 'web', ports: [{ name: 'http', containerPort: 8080 }] };

  it("has Kubernetes' defaults", () => {
    const readinessProbe = {
      httpGet: { port: 'http', scheme: 'HTTPS', httpHeaders: [{ name: 'Host', value: 'web' }] },
    };
    expect(readProbe({ ...container, readinessProbe }, 'readinessProbe')).toEqual({
      initialDelayMs: 0,
      periodMs: 10_000,
      timeoutMs: 1_000,
      successThreshold: 1,
      failureThreshold: 3,
      action: { kind: 'http', port: 8080, path: '/', https: true, headers: { Host: 'web' } },
    });
    expect(readProbe(container, 'startupProbe')).toBeUndefined();
  });

  it('is refused when nobody here can tell', () => {
    expect(() => readProbe({ ...container, startupProbe: { grpc: { port: 1 } } }, 'startupProbe')).toThrow(
      "the startupProbe of container 'web' can't be evaluated here",
    );
    const readinessProbe = { tcpSocket: { port: 'admin' } };
    expect(() => readProbe({ ...container, readinessProbe }, 'readinessProbe')).toThrow(
      "container 'web' has no port 'admin'",
    );
  });
});

describe('what runs a pod', () => {
  /** What a check says of itself on a machine with these commands. */
  async function said(check: Partial<PodCheck>, answer: (call: Call) => Answer): Promise<readonly string[]> {
    const whole: PodCheck = { definition: readPod(definition), container: 'web', readyMs: 1000, checks: [], ...check };
    return await attempt(podCheck(whole), subjectOn(answering(answer)));
  }
  const cluster = ({ command, args }: Call): Answer =>
    command === 'kubectl' && args.join(' ') === 'config current-context' ? 'somewhere\n' : undefined;

  it('is the cluster that is configured, where there is no Podman', async () => {
    expect(await said({}, cluster)).toEqual([
      'it is not known how images get to the nodes of somewhere; write load: with the command that brings {archive} there, or image: with what the nodes can pull',
    ]);
    expect(await said({ with: 'podman' }, cluster)).toEqual([expect.stringContaining('Podman is needed here')]);
  });

  it('is missing where there is neither', async () => {
    expect(await said({}, () => undefined)).toEqual([
      'Podman is needed here, and does not work (not installed); ' +
        'there is no cluster to work with: kubectl is not installed; ' +
        'install Podman, or set up a cluster for kubectl before this step',
    ]);
    const unset = { status: 1, stderr: 'error: current-context is not set\n' };
    expect(await said({ with: 'kubectl' }, ({ command }) => (command === 'kubectl' ? unset : undefined))).toEqual([
      'there is no cluster to work with: current-context is not set; ' +
        'set the cluster up before this step, so that `kubectl config current-context` names it (KUBECONFIG)',
    ]);
  });
});
