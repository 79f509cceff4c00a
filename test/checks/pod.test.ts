import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { makePlayable, readPod, tcpPorts, testedContainer } from '../../src/checks/pod/definition.ts';
import { readProbe } from '../../src/checks/pod/probes.ts';

const definition = `
kind: ConfigMap
metadata: { name: settings }
---
kind: Secret
metadata: { name: token }
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
    expect(pod.others.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Secret']);
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
