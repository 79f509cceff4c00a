/**
 * The probes of a pod, evaluated here: what plays a pod may not care whether it ever becomes ready.
 * https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isJson, type Json, listAt, mapAt } from '../../documents/json.ts';
import { type Engine, execute, inspectContainer } from '../../engine/index.ts';
import type { Subject } from '../check.ts';
import { ask } from '../http-request.ts';
import { portCheck } from '../kinds/port.ts';
import { attempt } from '../run-check.ts';

export interface Probe {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
  readonly action:
    | {
        readonly kind: 'http';
        readonly port: number;
        readonly path: string;
        readonly https: boolean;
        readonly headers: Readonly<Record<string, string>>;
      }
    | { readonly kind: 'tcp'; readonly port: number }
    | { readonly kind: 'exec'; readonly command: readonly string[] };
}

/**
 * A probe of a container, with Kubernetes' own defaults; `undefined` where it has none. Pure.
 * @throws Error for people when it can't be evaluated here
 */
export function readProbe(container: Json, name: 'startupProbe' | 'readinessProbe'): Probe | undefined {
  const probe = mapAt(container, name);
  if (Object.keys(probe).length === 0) return undefined;
  const number = (key: string, otherwise: number): number => (typeof probe[key] === 'number' ? probe[key] : otherwise);
  return {
    initialDelayMs: number('initialDelaySeconds', 0) * 1000,
    periodMs: number('periodSeconds', 10) * 1000,
    timeoutMs: number('timeoutSeconds', 1) * 1000,
    successThreshold: number('successThreshold', 1),
    failureThreshold: number('failureThreshold', 3),
    action: readAction(container, probe, name),
  };
}

function readAction(container: Json, probe: Json, name: string): Probe['action'] {
  const [http, tcp, exec] = [mapAt(probe, 'httpGet'), mapAt(probe, 'tcpSocket'), mapAt(probe, 'exec')];
  if (isJson(probe.httpGet))
    return {
      kind: 'http',
      port: portOf(container, http.port),
      path: typeof http.path === 'string' ? http.path : '/',
      https: http.scheme === 'HTTPS',
      headers: Object.fromEntries(
        listAt(http, 'httpHeaders').flatMap((header) =>
          isJson(header) ? [[String(header.name), String(header.value)]] : [],
        ),
      ),
    };
  if (isJson(probe.tcpSocket)) return { kind: 'tcp', port: portOf(container, tcp.port) };
  if (isJson(probe.exec)) return { kind: 'exec', command: listAt(exec, 'command').map(String) };
  throw new Error(
    `the ${name} of container '${String(container.name)}' can't be evaluated here; expected httpGet, tcpSocket or exec`,
  );
}

/** A port by number or by name. */
function portOf(container: Json, port: unknown): number {
  if (typeof port === 'number') return port;
  const named = listAt(container, 'ports').find((one) => isJson(one) && one.name === port);
  if (isJson(named) && typeof named.containerPort === 'number') return named.containerPort;
  throw new Error(`container '${String(container.name)}' has no port '${String(port)}', which its probe asks for`);
}

/**
 * Waits until a container is ready, as its probes say.
 * @param engine plays the pod
 * @param endMs when it has to be, on the clock of `performance.now()`
 * @returns what is wrong; empty when it is ready
 */
export async function waitUntilReady(
  engine: Engine,
  subject: Omit<Subject, 'timeoutMs'>,
  probes: { readonly startup: Probe | undefined; readonly readiness: Probe | undefined },
  endMs: number,
): Promise<readonly string[]> {
  const begun = performance.now();
  for (const [name, probe] of [
    ['startup', probes.startup],
    ['readiness', probes.readiness],
  ] as const) {
    if (probe === undefined) continue;
    await sleep(begun + probe.initialDelayMs - performance.now(), subject.signal);
    let [succeeded, failed] = [0, 0];
    while (succeeded < probe.successThreshold) {
      const { running, exitCode } = await inspectContainer(engine, subject.container.id);
      if (!running) return [`it stopped with exit code ${exitCode} before it was ready`];
      const wrong = await evaluate(probe, subject);
      succeeded = wrong.length === 0 ? succeeded + 1 : 0;
      failed = wrong.length === 0 ? 0 : failed + 1;
      // Of the two, only the startup probe ends a container.
      if (name === 'startup' && failed >= probe.failureThreshold)
        return [`its startup probe failed ${failed} times: ${wrong.join('; ')}`];
      if (succeeded >= probe.successThreshold) break;
      if (performance.now() >= endMs)
        return [
          `its ${name} probe did not succeed in time: ${wrong.length === 0 ? 'not often enough' : wrong.join('; ')}`,
        ];
      await sleep(Math.min(probe.periodMs, Math.max(endMs - performance.now(), 0)), subject.signal);
    }
  }
  return [];
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await pause(milliseconds, undefined, { signal });
}

async function evaluate({ action, timeoutMs }: Probe, subject: Omit<Subject, 'timeoutMs'>): Promise<readonly string[]> {
  const timed = { ...subject, timeoutMs };
  switch (action.kind) {
    case 'tcp':
      return await attempt(portCheck({ number: action.port, protocol: 'tcp', listening: true }), timed);
    case 'exec': {
      const { status } = await execute(subject.container, action.command, { timeoutMs });
      return status === 0 ? [] : [`${action.command.join(' ')} ends with ${status}`];
    }
    case 'http': {
      const { port, path, headers, https } = action;
      // The kubelet does not look at certificates either.
      const tls = https ? { tls: { insecure: true } } : {};
      try {
        const { status } = await ask({ port, path, method: 'GET', headers, ...tls }, timed);
        return status >= 200 && status < 400 ? [] : [`GET ${path} on port ${port} answers ${status}`];
      } catch (error) {
        return [`GET ${path} on port ${port}: ${error instanceof Error ? error.message || error.name : String(error)}`];
      }
    }
  }
}
