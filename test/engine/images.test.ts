import { describe, expect, it } from '@jest/globals';
import { type Engine, inspectImage, pushImage, withFileSystem } from '../../src/engine/index.ts';
import { type Answer, answering, type Call } from './processes.ts';

function engine(answer: (call: Call) => Answer) {
  const processes = answering(answer);
  const made: Engine = { kind: 'docker', version: '28', store: 'containerd', local: true, processes, env: {} };
  return { engine: made, lines: () => processes.calls.map(({ args }) => args.join(' ')) };
}

describe('pushImage', () => {
  it('tries again what a registry does at times', async () => {
    const answers = [{ status: 1, stderr: 'received unexpected HTTP status: 500 Internal Server Error' }, ''];
    const { engine: docker, lines } = engine(() => answers.shift());
    await pushImage(docker, 'r/web:1', undefined, [0, 0]);
    expect(lines()).toEqual(['push r/web:1', 'push r/web:1']);
  });

  it('gives up on a refusal at once, and says what to do', async () => {
    const { engine: docker, lines } = engine(() => ({ status: 1, stderr: 'denied: requested access is denied' }));
    await expect(pushImage(docker, 'r/web:1', undefined, [0, 0])).rejects.toThrow(
      /^pushing r\/web:1: the registry refused the credentials/,
    );
    expect(lines()).toHaveLength(1);
  });
});

describe('inspectImage', () => {
  it('knows a missing image from a broken engine', async () => {
    const missing = engine(() => ({ status: 1, stdout: '[]', stderr: 'Error response from daemon: No such image: x' }));
    expect(await inspectImage(missing.engine, 'x')).toBeUndefined();
    const broken = engine(() => ({ status: 1, stderr: 'Cannot connect to the Docker daemon at unix:///x' }));
    await expect(inspectImage(broken.engine, 'x')).rejects.toThrow(/the engine does not answer any more/);
  });

  it("gives Podman's ids the form of Docker's", async () => {
    const podman = engine(() => JSON.stringify([{ Id: 'abc', Healthcheck: { Test: [] } }]));
    expect(await inspectImage(podman.engine, 'x')).toMatchObject({ id: 'sha256:abc', healthcheck: true });
  });
});

describe('withFileSystem', () => {
  const answers = ({ args }: Call): Answer => ({ create: 'c1\n', export: 'tar', rm: '' })[args[0] ?? ''];

  it('removes its container, whatever becomes of the stream', async () => {
    const { engine: docker, lines } = engine(answers);
    const read = withFileSystem(docker, 'x', async () => Promise.reject(new Error('no')));
    await expect(read).rejects.toThrow('no');
    expect(lines().at(-1)).toMatch(/^rm --force --volumes image-cascade-export-/);
  });

  it('does not take half an export for a whole one', async () => {
    const { engine: docker } = engine((call) =>
      call.args[0] === 'export' ? { status: 1, stdout: 'ta', stderr: 'unexpected EOF' } : answers(call),
    );
    await expect(withFileSystem(docker, 'x', async () => 'read')).rejects.toThrow(
      'reading the files of x: unexpected EOF',
    );
  });
});
