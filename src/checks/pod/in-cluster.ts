/** A pod in a cluster, which evaluates its probes itself and knows why it is not ready. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  applyPod,
  type Cluster,
  type ClusterPod,
  forwardPort,
  inspectPod,
  loadCommand,
  loadIntoCluster,
  podEvents,
  podLogs,
  removeNamespace,
} from '../../engine/index.ts';
import { fail } from '../../problems.ts';
import type { Subject } from '../check.ts';
import { makeApplicable } from './definition.ts';
import { freePorts, type Played, type Playing, published } from './play.ts';
import { imageOf, readinessOf, restarted, unreadyContainers, warningsOf } from './status.ts';

const lookMs = 1000;
const shownLogLines = 50;

/** How the nodes of a cluster get the tested image. */
export interface ImageSupply {
  /** Command that brings it there, with `{archive}` and `{image}`; absent: the one for this kind of cluster. */
  readonly load?: readonly string[];
  /** Reference under which the nodes pull it; absent: they have it, as it was loaded. */
  readonly image?: string;
}

/** Runs the pod and waits until the cluster says that it is ready. Its namespace is removed when the checks have ended. */
export async function playInCluster(
  cluster: Cluster,
  { definition, container, name, ports: wanted, readyMs }: Playing,
  supply: ImageSupply,
  subject: Subject,
): Promise<Played> {
  const { reference } = subject.image;
  const { load = supply.image === undefined ? loadCommand(cluster.context) : [], image = reference } = supply;
  if (load === undefined)
    fail(`it is not known how images get to the nodes of ${cluster.context}`, {
      hint: 'write load: with the command that brings {archive} there, or image: with what the nodes can pull',
    });
  if (load.length > 0) await loadIntoCluster(subject.engine, reference, cluster, load);

  const pod: ClusterPod = { ...cluster, namespace: name, pod: 'tested' };
  const forwarding = new AbortController();
  let applied: Promise<void> | undefined;
  subject.cleanup(async (processes) => {
    forwarding.abort();
    // What is broken off may still have made a namespace.
    await applied?.catch(() => {});
    await removeNamespace({ ...pod, processes });
  });
  const imagePullPolicy = supply.image === undefined ? 'Never' : 'Always';
  const text = makeApplicable(definition, { namespace: name, name: pod.pod, container, image, imagePullPolicy });
  applied = applyPod(pod, text, subject.signal);
  await applied;

  const wrong = await waitUntilReady(pod, performance.now() + readyMs, subject.signal);
  if (wrong.length > 0) return wrong;
  const ports = await freePorts(wanted);
  for (const [port, local] of Object.entries(ports)) await forwardPort(pod, local, Number(port), forwarding.signal);
  return {
    host: pod,
    id: container,
    image: imageOf(await inspectPod(pod), container),
    running: true,
    exitCode: 0,
    error: '',
    pid: 0,
    ports: published(ports),
  };
}

/** What keeps the pod from being ready, with what the cluster and the containers say of it; empty when it is. */
async function waitUntilReady(pod: ClusterPod, endMs: number, signal: AbortSignal): Promise<string[]> {
  for (;;) {
    const found = await inspectPod(pod);
    const readiness = readinessOf(found);
    if (readiness.state === 'ready') return [];
    if (readiness.state === 'failed' || performance.now() >= endMs) {
      const logs = unreadyContainers(found).map(async (container) => {
        const text = await podLogs(pod, container, shownLogLines, restarted(found, container));
        return text === '' ? [] : [`the log of container ${container} ends:\n${text}`];
      });
      const reasons =
        readiness.state === 'failed' ? readiness.reasons : ['it was not ready in time', ...readiness.reasons];
      return [...reasons, ...warningsOf(await podEvents(pod), reasons), ...(await Promise.all(logs)).flat()];
    }
    await pause(lookMs, undefined, { signal });
  }
}
