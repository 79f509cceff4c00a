import { describe, expect, it } from '@jest/globals';
import { clusterFailure } from '../../src/engine/cluster.ts';
import { executed, parseListing } from '../../src/engine/cluster-containers.ts';
import { loadCommand } from '../../src/engine/cluster-images.ts';

describe('loadCommand', () => {
  it('knows clusters by the names that their makers give to contexts', () => {
    expect(loadCommand('kind-ci')).toEqual(['kind', 'load', 'image-archive', '{archive}', '--name', 'ci']);
    expect(loadCommand('k3d-a-b')).toEqual(['k3d', 'image', 'import', '{archive}', '--cluster', 'a-b']);
    expect(loadCommand('minikube')).toEqual(['minikube', 'image', 'load', '{archive}']);
    expect(loadCommand('docker-desktop')).toEqual([]);
    expect(loadCommand('default')).toBeUndefined();
    expect(loadCommand('not-kind-ci')).toBeUndefined();
  });
});

describe('the outcome of a command in a pod', () => {
  const outcome = (status: number, stderr: string) => executed({ status, stdout: '', stderr });

  it('is what the command itself said', () => {
    expect(outcome(3, 'oops\ncommand terminated with exit code 3\n')).toMatchObject({ status: 3, stderr: 'oops\n' });
    expect(outcome(1, 'command terminated with exit code 1\n')).toMatchObject({ status: 1, stderr: '' });
    expect(outcome(0, 'a warning\n')).toMatchObject({ status: 0, stderr: 'a warning\n' });
  });

  it('is 127 or 126 when it could not be started, as a shell has it', () => {
    const failed = (why: string) => `error: Internal error occurred: OCI runtime exec failed: exec: "x": ${why}\n`;
    expect(outcome(1, failed('executable file not found in $PATH')).status).toBe(127);
    expect(outcome(1, failed('permission denied')).status).toBe(126);
  });
});

describe('parseListing', () => {
  it('reads user, name and command line, also of a kernel thread without one', () => {
    expect(parseListing('0\tnginx\tnginx: master process \n33\tmy worker\t\n\tgone\t\n')).toEqual([
      { user: '0', name: 'nginx', command: 'nginx: master process' },
      { user: '33', name: 'my worker', command: '' },
    ]);
  });
});

describe('clusterFailure', () => {
  it('leaves out what is not for people', () => {
    const stderr = [
      'E1128 12:00:00.000000 1 memcache.go:265] "Unhandled Error" err="connection refused"',
      'Warning: would violate PodSecurity',
      'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
    ];
    expect(clusterFailure({ status: 1, stderr: stderr.join('\n') })).toBe(
      'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
    );
    expect(clusterFailure({ status: 1, stderr: 'Error from server (Forbidden): pods is forbidden\n' })).toBe(
      'pods is forbidden',
    );
    expect(clusterFailure({ status: 1, stderr: 'error: current-context is not set\n' })).toBe(
      'current-context is not set',
    );
    expect(clusterFailure({ status: 127, stderr: 'spawn kubectl ENOENT' })).toBe('kubectl is not installed');
  });
});
