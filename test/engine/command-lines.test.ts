import { describe, expect, it } from '@jest/globals';
import { containerArguments, explainFailure, ownConfiguration, podmanBuildArguments } from '../../src/engine/index.ts';

describe('containerArguments', () => {
  const settings = {
    image: 'sha256:1',
    name: 'n',
    labels: { l: '1' },
    env: { A: 'b c' },
    user: 'www',
    entrypoint: '/bin/x',
    command: ['--flag'],
    ports: [80, 8080],
  };

  it('publish ports on the loopback address only', () => {
    expect(containerArguments(settings)).toEqual([
      ...['run', '--detach', '--pull', 'never', '--name', 'n', '--label', 'l=1', '--env', 'A=b c', '--user', 'www'],
      ...['--entrypoint', '/bin/x', '--publish', '127.0.0.1::80/tcp', '--publish', '127.0.0.1::8080/tcp'],
      ...['sha256:1', '--flag'],
    ]);
  });

  it('can leave the container unstarted', () => {
    expect(containerArguments(settings, 'create').slice(0, 3)).toEqual(['create', '--pull', 'never']);
  });

  it('can share the network and the processes of another container', () => {
    const args = containerArguments({ ...settings, within: 'abc' });
    expect(args.slice(14, 21)).toEqual([
      ...['--network', 'container:abc', '--pid', 'container:abc', '--cap-add', 'SYS_PTRACE', '--no-healthcheck'],
    ]);
  });
});

describe('podmanBuildArguments', () => {
  it('lead a pending upstream to the image that was built for it, and keep secrets in files', () => {
    const args = podmanBuildArguments(
      {
        name: 'web',
        dockerfile: '/d',
        context: '/c',
        buildArgs: { A: '1' },
        platforms: ['linux/amd64'],
        labels: {},
        tag: 'image-cascade.local/web:run-1',
        contexts: {
          'debian:12': { kind: 'image', reference: 'docker.io/library/debian@sha256:1' },
          'r/base:latest': { kind: 'target', name: 'base' },
        },
        cacheFrom: [],
        cacheTo: [],
      },
      { secrets: { token: '/s/0' }, noCache: true, epoch: 7 },
      () => 'image-cascade.local/base:run-1',
    );
    expect(args.join(' ')).toBe(
      [
        'build --file /d --tag image-cascade.local/web:run-1 --format oci --layers --timestamp 7 --build-arg A=1',
        '--platform linux/amd64 --build-context debian:12=docker://docker.io/library/debian@sha256:1',
        '--build-context r/base:latest=container-image://image-cascade.local/base:run-1',
        '--secret id=token,src=/s/0 --no-cache /c',
      ].join(' '),
    );
  });
});

describe('explainFailure', () => {
  it.each([
    ['write /x: no space left on device', 1, /^the disk is full/],
    ['ERROR: failed to solve: unauthorized: access to the resource is denied', 1, /^the registry refused/],
    ['exec /bin/sh: exec format error', 1, /can't run programs of that platform/],
    ['Error response from daemon: No such image: x.\n', 1, /^No such image: x$/],
    ['', 5, /^exit status 5$/],
    ['', 124, /^its time was up$/],
    ['whatever', 130, /^it was cancelled$/],
  ])('of %j with status %i', (stderr, status, message) => {
    expect(explainFailure(stderr, status).message).toMatch(message);
  });

  it('knows what ails the machine and not the image', () => {
    expect(explainFailure('no space left on device', 1).general).toBe(true);
    expect(explainFailure('denied: no', 1).general).not.toBe(true);
  });
});

describe('ownConfiguration', () => {
  it('keeps the stores of other registries and uses none for the one that is logged in to', () => {
    const theirs = {
      credsStore: 'desktop',
      auths: { 'a.example': {}, 'b.example': {} },
      credHelpers: { 'c.example': 'c', 'b.example': 'b' },
      currentContext: 'mine',
    };
    expect(ownConfiguration(theirs, 'b.example')).toEqual({
      auths: { 'a.example': {}, 'b.example': {} },
      credHelpers: { 'a.example': 'desktop', 'c.example': 'c' },
      currentContext: 'mine',
    });
  });
});
