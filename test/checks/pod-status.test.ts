import { describe, expect, it } from '@jest/globals';
import { imageOf, readinessOf, restarted, unreadyContainers, warningsOf } from '../../src/checks/pod/status.ts';

const ready = (status: 'True' | 'False') => ({ type: 'Ready', status });

/** A pod of one container, in this state. */
function podWith(state: object, rest: object = {}): { status: object } {
  const web = { name: 'web', ready: false, restartCount: 0, state, ...rest };
  return { status: { phase: 'Pending', conditions: [ready('False')], containerStatuses: [web] } };
}

describe('readinessOf', () => {
  it('believes the cluster that a pod is ready', () => {
    expect(readinessOf({ status: { phase: 'Running', conditions: [ready('True')] } })).toEqual({ state: 'ready' });
  });

  it('waits for a container that starts, and for one whose probe has not succeeded yet', () => {
    expect(readinessOf(podWith({ waiting: { reason: 'ContainerCreating' } }))).toEqual({
      state: 'waiting',
      reasons: ['container web is not ready: ContainerCreating'],
    });
    expect(readinessOf(podWith({ running: { startedAt: '2026-01-01T00:00:00Z' } }))).toEqual({
      state: 'waiting',
      reasons: ['container web is not ready'],
    });
  });

  it('waits for a node, which an autoscaler may bring', () => {
    const message = '0/1 nodes are available: 1 Insufficient cpu.';
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    expect(readinessOf({ status: { phase: 'Pending', conditions: [condition] } })).toEqual({
      state: 'waiting',
      reasons: [`no node takes it: Unschedulable: ${message}`],
    });
  });

  it('waits for an image that may be pulled at the next attempt, and not for one that is not there', () => {
    const message = 'Back-off pulling image "web:1"';
    expect(readinessOf(podWith({ waiting: { reason: 'ErrImagePull' } })).state).toBe('waiting');
    expect(readinessOf(podWith({ waiting: { reason: 'ImagePullBackOff', message } }))).toEqual({
      state: 'failed',
      reasons: [`container web does not start: ImagePullBackOff: ${message}`],
    });
    expect(readinessOf(podWith({ waiting: { reason: 'ErrImageNeverPull' } })).state).toBe('failed');
  });

  it('has failed when a container stopped, whether it is started again or not', () => {
    const stopped = ['container web stopped with exit code 3 before it was ready'];
    const end = { terminated: { exitCode: 3, reason: 'Error' } };
    expect(readinessOf(podWith(end))).toEqual({ state: 'failed', reasons: stopped });
    const again = { lastState: end, restartCount: 1 };
    expect(readinessOf(podWith({ running: {} }, again))).toEqual({ state: 'failed', reasons: stopped });
    const backOff = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } };
    expect(readinessOf(podWith(backOff, again))).toEqual({ state: 'failed', reasons: stopped });
    const killed = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
    expect(readinessOf(podWith(killed))).toEqual({
      state: 'failed',
      reasons: ['container web stopped with exit code 137 before it was ready: OOMKilled'],
    });
  });

  it('has failed when the node gave it up', () => {
    const status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' };
    expect(readinessOf({ status })).toEqual({
      state: 'failed',
      reasons: ['it failed: Evicted: The node was low on resource: memory.'],
    });
  });

  it('takes the end of an init container for its work, unless it failed', () => {
    const pod = (exitCode: number) => ({
      status: {
        conditions: [ready('False')],
        initContainerStatuses: [{ name: 'set-up', ready: false, state: { terminated: { exitCode } } }],
        containerStatuses: [{ name: 'web', ready: false, state: { waiting: { reason: 'PodInitializing' } } }],
      },
    });
    expect(readinessOf(pod(0)).state).toBe('waiting');
    expect(readinessOf(pod(1))).toEqual({
      state: 'failed',
      reasons: ['container set-up stopped with exit code 1 before it was ready'],
    });
  });
});

describe('what else is shown of a pod', () => {
  it('is the log of what is not ready, from before it was started again', () => {
    const again = podWith({ waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 1 });
    expect(unreadyContainers(again)).toEqual(['web']);
    expect(restarted(again, 'web')).toBe(true);
    expect(restarted(podWith({ terminated: { exitCode: 1 } }, { restartCount: 1 }), 'web')).toBe(false);
    expect(restarted(podWith({ running: {} }), 'web')).toBe(false);
    expect(imageOf(podWith({}, { imageID: 'sha256:1' }), 'web')).toBe('sha256:1');
  });

  it('are the last of the warnings, each once', () => {
    const unhealthy = { type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: 404\n' };
    const pulled = { type: 'Normal', reason: 'Pulled', message: 'image is there' };
    expect(warningsOf([unhealthy, pulled, unhealthy], [])).toEqual(['Unhealthy: Readiness probe failed: 404']);
    const many = Array.from({ length: 9 }, (_, index) => ({ type: 'Warning', reason: 'R', message: `${index}` }));
    expect(warningsOf(many, ['container web is not ready: 8'])).toEqual(['R: 3', 'R: 4', 'R: 5', 'R: 6', 'R: 7']);
  });
});
