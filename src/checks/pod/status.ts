/**
 * What a cluster says of a pod: pure.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
 */
import { isJson, type Json, listAt, mapAt } from '../../documents/json.ts';

export type Readiness =
  | { readonly state: 'ready' }
  /** `failed`: waiting longer does not help. The reasons are sentences. */
  | { readonly state: 'waiting' | 'failed'; readonly reasons: readonly string[] };

/** What a container waits for that does not come by itself, as the kubelet names it. */
const hopeless = new Set([
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
]);

/** A container that ended before the pod was ready is a failure, although the cluster would start it again for ever. */
export function readinessOf(pod: Json): Readiness {
  const status = mapAt(pod, 'status');
  const conditions = listAt(status, 'conditions').filter(isJson);
  if (conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return { state: 'ready' };
  const judged = containerStatuses(pod).map(judge);
  const failures = judged.flatMap(({ failed = [] }) => failed);
  if (failures.length > 0) return { state: 'failed', reasons: failures };
  if (status.phase === 'Failed') return { state: 'failed', reasons: [`it failed${said(status)}`] };
  const unscheduled = conditions
    .filter(({ type, status }) => type === 'PodScheduled' && status === 'False')
    .map((condition) => `no node takes it${said(condition)}`);
  return { state: 'waiting', reasons: [...unscheduled, ...judged.flatMap(({ waiting = [] }) => waiting)] };
}

interface ContainerStatus {
  readonly status: Json;
  /** It runs to its end before the others begin. */
  readonly init: boolean;
}

function containerStatuses(pod: Json): ContainerStatus[] {
  const listed = (key: string, init: boolean): ContainerStatus[] =>
    listAt(mapAt(pod, 'status'), key).flatMap((status) => (isJson(status) ? [{ status, init }] : []));
  return [...listed('initContainerStatuses', true), ...listed('containerStatuses', false)];
}

function judge({ status, init }: ContainerStatus): { readonly failed?: string[]; readonly waiting?: string[] } {
  if (status.ready === true) return {};
  const name = `container ${String(status.name)}`;
  const state = mapAt(status, 'state');
  const ends = [mapAt(state, 'terminated'), mapAt(mapAt(status, 'lastState'), 'terminated')].filter(isEnd);
  const [end] = ends;
  if (end !== undefined && !(init && end.exitCode === 0))
    return { failed: [`${name} stopped with exit code ${String(end.exitCode)} before it was ready${said(end)}`] };
  const waiting = mapAt(state, 'waiting');
  if (hopeless.has(String(waiting.reason))) return { failed: [`${name} does not start${said(waiting)}`] };
  return { waiting: [`${name} is not ready${said(waiting)}`] };
}

function isEnd(state: Json): boolean {
  return typeof state.exitCode === 'number';
}

/** Reason and message of a part of a status, where it has them. `Error` and `Completed` only repeat the exit code. */
function said({ reason, message }: Json): string {
  const words = [reason, message].filter(
    (word) => typeof word === 'string' && !['', 'Error', 'Completed'].includes(word),
  );
  return words.length === 0 ? '' : `: ${words.join(': ')}`;
}

/** Names of the containers whose logs may tell why the pod is not ready. */
export function unreadyContainers(pod: Json): string[] {
  return containerStatuses(pod)
    .filter(({ status }) => status.ready !== true)
    .map(({ status }) => String(status.name));
}

/** Whether a container was started again, so that its log says how it began and not how it ended. */
export function restarted(pod: Json, container: string): boolean {
  const found = containerStatuses(pod).find(({ status }) => status.name === container);
  return (
    Number(found?.status.restartCount ?? 0) > 0 && !isEnd(mapAt(mapAt(found?.status ?? {}, 'state'), 'terminated'))
  );
}

/** The image that a container was made from, as the node knows it. */
export function imageOf(pod: Json, container: string): string {
  const found = containerStatuses(pod).find(({ status }) => status.name === container);
  return String(found?.status.imageID ?? '');
}

const shownWarnings = 5;

/**
 * What the cluster warned of, the last of it, each once.
 * @param reasons what is said anyway
 */
export function warningsOf(events: readonly Json[], reasons: readonly string[]): string[] {
  const texts = events
    .filter(({ type }) => type === 'Warning')
    .map(({ reason, message }) => ({ reason: String(reason), message: String(message).trim() }))
    // `Error: ErrImagePull` is only the name of what another one tells in words.
    .filter(({ message }) => !/^Error: \w+$/.test(message) && !reasons.some((said) => said.includes(message)))
    .map(({ reason, message }) => `${reason}: ${message}`);
  return [...new Set(texts)].slice(-shownWarnings);
}
