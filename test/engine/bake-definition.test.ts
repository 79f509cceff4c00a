import { describe, expect, it } from '@jest/globals';
import {
  type BuildSettings,
  type BuildTarget,
  bakeArguments,
  bakeDefinition,
  contextName,
  targetIds,
} from '../../src/engine/index.ts';

const digest = `sha256:${'a'.repeat(64)}`;

function target(name: string, rest: Partial<BuildTarget> = {}): BuildTarget {
  return {
    name,
    dockerfile: `/run/${name}.Dockerfile`,
    context: `/run/${name}`,
    buildArgs: {},
    platforms: ['linux/amd64'],
    labels: {},
    tag: `image-cascade.local/r/${name}:run-1`,
    contexts: {},
    cacheFrom: [],
    cacheTo: [],
    ...rest,
  };
}

const settings: BuildSettings = { secrets: {}, noCache: false, epoch: 0 };

function bakeOne(rest: Partial<BuildTarget>, more: Partial<BuildSettings> = {}): Readonly<Record<string, unknown>> {
  return bakeDefinition([target('web', rest)], new Map([['web', 'web']]), { ...settings, ...more }).target.web ?? {};
}

describe('the bake definition', () => {
  it('has one target an image, loaded into the engine under its own tag', () => {
    expect(bakeOne({ target: 'prod', buildArgs: { A: '1' } })).toEqual({
      context: '/run/web',
      dockerfile: '/run/web.Dockerfile',
      target: 'prod',
      args: { A: '1' },
      contexts: {},
      labels: {},
      tags: ['image-cascade.local/r/web:run-1'],
      platforms: ['linux/amd64'],
      output: ['type=docker'],
      pull: false,
      'no-cache': false,
    });
  });

  it('pins an upstream to its digest and leads to another target of the same build', () => {
    const ids = targetIds(['base.os', 'web']);
    const web = target('web', {
      contexts: {
        'debian:bookworm': { kind: 'image', reference: `docker.io/library/debian@${digest}` },
        'ghcr.io/acme/base.os:latest': { kind: 'target', name: 'base.os' },
      },
    });
    expect(bakeDefinition([target('base.os'), web], ids, settings).target.web?.contexts).toEqual({
      'debian:bookworm': `docker-image://docker.io/library/debian@${digest}`,
      'ghcr.io/acme/base.os': 'target:base-os',
    });
  });

  it('means every text as it is, although bake would evaluate it', () => {
    const { args, labels } = bakeOne({ buildArgs: { A: '${HOME} $B %{if}' }, labels: { l: '$${x}' } });
    expect(args).toEqual({ A: '$${HOME} $B %%{if}' });
    expect(labels).toEqual({ l: '$$${x}' });
  });

  it('names secrets by file, never by value', () => {
    expect(bakeOne({}, { secrets: { token: '/tmp/s/0', odd: '/tmp/a,b' } }).secret).toEqual([
      'id=token,src=/tmp/s/0',
      'id=odd,"src=/tmp/a,b"',
    ]);
  });

  it.each([
    [{ provenance: 'false' }, ['type=provenance,disabled=true']],
    [{ provenance: 'mode=max', sbom: 'true' }, ['type=provenance,mode=max', 'type=sbom']],
    [{}, undefined],
  ])('reads %j as build-push-action does', (given, attest) => {
    expect(bakeOne({}, given).attest).toEqual(attest);
  });
});

describe('contextName', () => {
  // Each spelling was tried on BuildKit 0.12: only the one on the right is found.
  it.each([
    ['debian:bookworm-slim', 'debian:bookworm-slim'],
    ['debian:latest', 'debian'],
    ['docker.io/library/debian:latest', 'debian'],
    ['docker.io/debian:bookworm', 'debian:bookworm'],
    ['index.docker.io/library/debian:trixie', 'debian:trixie'],
    ['docker.io/acme/web', 'acme/web'],
    ['library/debian', 'debian'],
    ['127.0.0.1:5000/a/b:latest', '127.0.0.1:5000/a/b'],
    [`127.0.0.1:5000/a/b:1@${digest}`, `127.0.0.1:5000/a/b:1@${digest}`],
    ['ghcr.io/library/debian:latest', 'ghcr.io/library/debian'],
  ])('%s is looked for as %s', (written, name) => {
    expect(contextName(written)).toBe(name);
  });
});

describe('targetIds', () => {
  it('keeps the ids of names apart that differ in forbidden characters only', () => {
    expect([...targetIds(['a.b', 'a-b', 'a_b'])]).toEqual([
      ['a.b', 'a-b'],
      ['a-b', 'a-b-2'],
      ['a_b', 'a_b'],
    ]);
  });
});

describe('bakeArguments', () => {
  it('name the targets after all options', () => {
    expect(bakeArguments('/f.json', ['a', 'b'], '/m.json', '0.13.1', 'mine')).toEqual(
      'buildx bake --builder mine --file /f.json --progress plain --metadata-file /m.json a b'.split(' '),
    );
  });

  it.each([
    ['0.18.0', false],
    ['0.19.0', true],
    ['1.0.0', true],
    ['unknown', false],
  ])('with buildx %s, let it read outside of the folder: %s', (version, allowed) => {
    expect(bakeArguments('/f', [], '/m', version).includes('--allow')).toBe(allowed);
  });
});
