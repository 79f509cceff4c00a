/** Pods in a cluster: started in a namespace of their own, looked at, removed with it. */
import { setTimeout as pause } from 'node:timers/promises';
import { isJson, type Json, listAt } from '../documents/json.ts';
import { fail } from '../problems.ts';
import { type ClusterPod, clusterArguments, clusterFailure, demandKubectl, runKubectl } from './cluster.ts';

/** A new namespace gets its service account a moment later, without which no pod may be made. */
const accountMs = 10_000;
const againMs = 250;

/**
 * Makes what a definition says. The caller removes the namespace, also when this fails.
 * @param definition YAML of the namespace, and of all that is in it
 * @throws ProblemsError with the cluster's own words
 */
export async function applyPod(pod: ClusterPod, definition: string, signal: AbortSignal): Promise<void> {
  const begun = performance.now();
  for (;;) {
    // On the server's side, so that Secrets and big ConfigMaps are not written into annotations again.
    const result = await runKubectl(pod, ['apply', '--server-side', '--filename', '-'], { input: definition });
    if (result.status === 0) return;
    if (!/serviceaccount "[^"]*" not found/.test(result.stderr) || performance.now() - begun > accountMs)
      fail(`the pod could not be made in ${pod.context}: ${clusterFailure(result)}`);
    await pause(againMs, undefined, { signal });
  }
}

/** Has the namespace removed with all that is in it; the cluster completes this by itself. One that is not there is fine. */
export async function removeNamespace(pod: ClusterPod): Promise<void> {
  // The pod is not waited for when it ends: there is nobody left to talk to.
  await runKubectl(pod, ['delete', 'pod', pod.pod, '--ignore-not-found', '--grace-period', '1', '--wait=false']);
  const remove = ['delete', 'namespace', pod.namespace, '--ignore-not-found', '--wait=false'];
  await demandKubectl(pod, `removing namespace ${pod.namespace}`, remove);
}

/** The pod as the cluster has it. */
export async function inspectPod(pod: ClusterPod): Promise<Json> {
  return readJson(await demandKubectl(pod, 'looking at the pod', ['get', 'pod', pod.pod, '--output', 'json']));
}

/** What has happened to the pod, in the order in which it did. */
export async function podEvents(pod: ClusterPod): Promise<readonly Json[]> {
  const selector = ['--field-selector', `involvedObject.name=${pod.pod}`, '--sort-by', '.lastTimestamp'];
  const { status, stdout } = await runKubectl(pod, ['get', 'events', ...selector, '--output', 'json']);
  return status === 0 ? listAt(readJson(stdout), 'items').filter(isJson) : [];
}

/** The last lines of a container's log; of the one before where it was started again. Empty where there is none. */
export async function podLogs(pod: ClusterPod, container: string, lines: number, previous: boolean): Promise<string> {
  const args = ['logs', pod.pod, '--container', container, '--tail', String(lines)];
  const { status, stdout } = await runKubectl(pod, previous ? [...args, '--previous'] : args);
  return status === 0 ? stdout.trimEnd() : '';
}

/**
 * Keeps a TCP port of the pod forwarded to one of 127.0.0.1 until `signal`. kubectl gives a forwarding up when the pod
 * refuses a connection, so it is begun again then, and each port has its own.
 * @returns when connections are accepted
 */
export async function forwardPort(pod: ClusterPod, local: number, port: number, signal: AbortSignal): Promise<void> {
  const args = ['port-forward', '--address', '127.0.0.1', `pod/${pod.pod}`, `${local}:${port}`];
  const open = () => pod.processes.stream('kubectl', [...clusterArguments(pod), ...args], { env: pod.env, signal });
  const first = open();
  await new Promise<void>((resolve, reject) => {
    let text = '';
    first.output.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('Forwarding from')) resolve();
    });
    first.done.then((result) => reject(new Error(`port ${port} can't be forwarded: ${clusterFailure(result)}`)));
  });
  const keep = async (): Promise<void> => {
    for (let current = first; ; current = open()) {
      current.output.resume();
      await current.done;
      if (signal.aborted) return;
      await pause(againMs, undefined, { signal });
    }
  };
  // Ends with the signal, and in no other way.
  keep().catch(() => {});
}

function readJson(text: string): Json {
  const value: unknown = JSON.parse(text);
  return isJson(value) ? value : {};
}
