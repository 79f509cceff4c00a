import { describe, expect, it } from '@jest/globals';
import { detectEngine } from '../../src/engine/index.ts';
import { type Answer, answering } from './processes.ts';

const version = JSON.stringify({ Client: { Version: '28.0.4' }, Server: { Version: '28.0.4' } });
const buildx = 'github.com/docker/buildx v0.21.2 1360a9e\n';
const containerd = JSON.stringify({ DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] });

function machine(answers: Record<string, Answer>) {
  return answering(({ command, args }) => answers[`${command} ${args[0]}`]);
}

describe('detectEngine', () => {
  it('finds Docker with buildx and the containerd store', async () => {
    const processes = machine({ 'docker version': version, 'docker buildx': buildx, 'docker info': containerd });
    expect(await detectEngine(processes, {})).toMatchObject({
      kind: 'docker',
      version: '28.0.4',
      buildx: '0.21.2',
      store: 'containerd',
      local: true,
    });
  });

  it('knows the classic store, and an engine elsewhere', async () => {
    const info = JSON.stringify({ DriverStatus: [['Backing Filesystem', 'extfs']] });
    const processes = machine({ 'docker version': version, 'docker buildx': buildx, 'docker info': info });
    expect(await detectEngine(processes, { DOCKER_HOST: 'tcp://10.0.0.1:2376' })).toMatchObject({
      store: 'classic',
      local: false,
    });
  });

  it('takes Podman where a docker command has no engine behind it', async () => {
    const processes = machine({
      'docker version': { status: 1, stdout: '{"Client":{},"Server":null}', stderr: 'Cannot connect' },
      'docker buildx': buildx,
      'docker info': { status: 1 },
      'podman info': JSON.stringify({ version: { Version: '4.9.3' }, host: { serviceIsRemote: false } }),
    });
    expect(await detectEngine(processes, {})).toMatchObject({ kind: 'podman', version: '4.9.3', local: true });
  });

  it('counts Docker without buildx as none, and says what is missing', async () => {
    const processes = machine({ 'docker version': version, 'docker buildx': { status: 1 }, 'docker info': containerd });
    await expect(detectEngine(processes, {})).rejects.toThrow(
      /Docker: engine 28\.0\.4 without buildx; Podman: not installed.*install Docker with its buildx plugin/,
    );
  });

  it('takes no other engine than the wanted one', async () => {
    const processes = machine({ 'docker version': version, 'docker buildx': buildx, 'docker info': containerd });
    await expect(detectEngine(processes, {}, 'podman')).rejects.toThrow(
      'Podman is needed here, and does not work (not installed); install Podman, and see that `podman info` works',
    );
  });
});
