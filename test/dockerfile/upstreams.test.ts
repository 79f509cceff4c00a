import { describe, expect, it } from '@jest/globals';
import { baseOf, finalStages, neededStages, parseDockerfile, upstreamReferences } from '../../src/dockerfile/index.ts';

const references = (text: string, args = {}, target?: string, options = {}): readonly string[] =>
  upstreamReferences(parseDockerfile(text), args, target, options).map(({ reference, line }) => `${line} ${reference}`);

describe('upstream references', () => {
  it('are the bases, the images copied from and the images mounted, each once', () => {
    const text = `FROM golang:1 AS build
RUN --mount=type=bind,from=ghcr.io/a/tools:2,target=/t \\
    --mount=type=cache,target=/c make
FROM debian:bookworm-slim
COPY --from=build /app /app
COPY --from=0 /lib /lib
COPY --from=busybox:musl /bin/sh /bin/
COPY --from=busybox:musl /bin/ls /bin/
`;
    expect(references(text)).toEqual(['1 golang:1', '2 ghcr.io/a/tools:2', '4 debian:bookworm-slim', '7 busybox:musl']);
  });

  it('leave out stages that the target does not need', () => {
    const text = 'FROM a AS one\nFROM b AS two\nFROM c AS three\nCOPY --from=one x y\n';
    expect(references(text)).toEqual(['1 a', '3 c']);
    expect(references(text, {}, 'TWO')).toEqual(['2 b']);
    expect(references(text, {}, '0')).toEqual(['1 a']);
  });

  it('leave out scratch and contexts that the build maps', () => {
    expect(references('FROM scratch\nCOPY --from=app x y\n', {}, undefined, { contexts: new Set(['app']) })).toEqual(
      [],
    );
  });

  it.each([
    ['ARG T=1\nFROM a:$T', {}, ['2 a:1']],
    ['ARG T=1\nFROM a:${T}', { T: '2' }, ['2 a:2']],
    ['FROM a:${T:-3}', {}, ['1 a:3']],
    ['ARG T=\nFROM a:${T:-3}', {}, ['2 a:3']],
    ['ARG T=x\nFROM a${T:+:4}', {}, ['2 a:4']],
    ['ARG A=b\nARG B=${A}c\nFROM $B', {}, ['3 bc']],
    ['ARG V=1.2.3\nFROM a:${V%.*}', {}, ['2 a:1.2']],
    ['FROM a\nARG T=1\nFROM b:${T:-outside}', {}, ['3 b:outside']],
    ['ARG Q="1"\nFROM a:$Q', {}, ['2 a:1']],
  ])('expand variables as the builder does: %j with %j', (text, args, expected) => {
    expect(references(text, args)).toEqual(expected);
  });

  it('take in the bases of every platform', () => {
    const text = 'FROM a/base-${TARGETARCH}';
    expect(references(text, {}, undefined, { platforms: ['linux/amd64', 'linux/arm64'] })).toEqual([
      '1 a/base-amd64',
      '1 a/base-arm64',
    ]);
  });

  it('prefer an earlier stage to an image of the same name, and never a later one', () => {
    expect(references('FROM debian AS base\nFROM base\n')).toEqual(['1 debian']);
    expect(references('FROM base\nFROM debian AS base\nCOPY --from=0 x y')).toEqual(['1 base', '2 debian']);
  });

  it('report everything that is no reference, with what to do', () => {
    const parsed = parseDockerfile(
      'FROM $NOTHING\nCOPY --from=Up! x y\nCOPY --from=7 x y\n',
      'docker/web/Dockerfile.j2',
    );
    expect(() => upstreamReferences(parsed)).toThrow(
      [
        "docker/web/Dockerfile.j2:1:6: the base of this stage, '$NOTHING', is empty; give NOTHING a default with ARG before the first FROM, or a build argument",
        "docker/web/Dockerfile.j2:2:6: 'Up!' is neither a stage nor an image reference; write the name of a stage, or [registry/]name[:tag][@digest]",
        'docker/web/Dockerfile.j2:3:6: there is no stage 7; stages count from 0; the last one is 0',
      ].join('\n'),
    );
  });

  it('need a target that is there', () => {
    expect(() => references('FROM a AS b\n', {}, 'c')).toThrow("there is no stage 'c' to build; stages are b");
  });
});

describe('stages', () => {
  const parsed = parseDockerfile(
    'FROM debian AS base\nFROM golang AS build\nFROM base AS app\nCOPY --from=build x y\n',
  );

  it('that are needed include those that are only copied from', () => {
    expect(neededStages(parsed).map(({ name }) => name)).toEqual(['base', 'build', 'app']);
  });

  it('that are final are those whose files are in the image', () => {
    expect(finalStages(parsed).map(({ name }) => name)).toEqual(['app', 'base']);
    expect(baseOf(parsed)?.reference).toBe('debian');
  });
});
