import { describe, expect, it } from '@jest/globals';
import { check, found, type Settings } from './check.ts';

describe('parse', () => {
  it('is the only rule for what can not be read', () => {
    expect(check('FROM alpine\nRUM x\nRUN pip install a==1').map(({ rule }) => rule)).toEqual(['parse']);
  });

  it('reports what is neither stage nor image, and a target that is not there', () => {
    expect(found('FROM debian\nCOPY --from=No! a b')).toEqual(["2:6 'No!' is neither a stage nor an image reference"]);
    expect(found('FROM debian', { image: { target: 'app' } })).toEqual(["1:1 there is no stage 'app' to build"]);
  });
});

describe('copy-source-exists', () => {
  const only = ['copy-source-exists'];

  it.each([
    ['COPY app.conf src /x/', []],
    ['COPY nope.conf app.conf /x/', ["2:6 'nope.conf' is not in the build context"]],
    ['COPY ["nope", "/x"]', ["2:8 'nope' is not in the build context"]],
    ['COPY --from=busybox nope /x', []],
    ['COPY <<EOF /x\nhello\nEOF', []],
    ['ADD https://example.org/x git@example.org:a/b.git /x', []],
    ['ARG F=nope\nCOPY $F /x', ["3:6 'nope' is not in the build context"]],
    ['ARG F\nCOPY ${F}.conf /x', []],
    ['ENV F=app\nCOPY ${F}.conf /x', []],
    ['RUN --mount=type=bind,source=nope,target=/x ls', ["2:5 'nope' is not in the build context"]],
    ['RUN --mount=type=bind,from=busybox,source=nope,target=/x ls', []],
    ['RUN --mount=type=cache,source=nope,target=/x ls', []],
  ])('%j', (line, expected) => {
    expect(found(`FROM debian\n${line}`, { only })).toEqual(expected);
  });

  it('only warns of a pattern that matches nothing, which the builder lets pass', () => {
    expect(check('FROM debian\nCOPY app.conf *.lock /x/', { only })).toMatchObject([
      { severity: 'warning', line: 2, column: 15 },
    ]);
  });

  it('looks at needed stages only', () => {
    expect(found('FROM debian AS unused\nCOPY nope /x\nFROM debian\n', { only })).toEqual([]);
  });
});

describe('debian-or-fleet-base', () => {
  const only = ['debian-or-fleet-base'];

  it.each([
    'FROM debian:bookworm-slim',
    `FROM docker.io/library/debian@sha256:${'a'.repeat(64)}`,
    'FROM mirror.example.org/library/debian:12',
    'FROM ghcr.io/acme/base:latest',
    'FROM alpine AS tools\nFROM debian\nCOPY --from=tools /a /b',
    'FROM debian AS base\nFROM base',
  ])('allows %j', (text) => {
    expect(found(text, { only })).toEqual([]);
  });

  it.each([
    'FROM alpine',
    'FROM evil/debian',
    'FROM ghcr.io/acmes/base',
    'FROM scratch',
    'FROM alpine AS base\nFROM base',
  ])('refuses %j', (text) => {
    expect(check(text, { only })).toMatchObject([{ rule: 'debian-or-fleet-base', line: 1, column: 6 }]);
  });

  it('allows what is listed', () => {
    const options = { allowedBases: ['alpine', 'scratch'] };
    expect(found('FROM alpine:3.20', { only, options })).toEqual([]);
    expect(found('FROM scratch', { only, options })).toEqual([]);
  });

  it('looks at the base of every platform', () => {
    const image = { platforms: ['linux/amd64', 'linux/arm64'] };
    expect(check('FROM a/base-$TARGETARCH', { only, image })).toHaveLength(2);
  });
});

describe('no-exact-versions', () => {
  const only = ['no-exact-versions'];

  const versions = (run: string, settings?: Settings): readonly string[] =>
    check(`FROM debian\nARG V=1.2.3\n${run}`, { only, ...settings }).map(({ message }) =>
      message.replace(/ (?:installs|at the exact version)/g, ''),
    );

  it.each([
    ['apt-get -y -t bookworm-backports install nginx=1.22.1-9 curl', ['apt-get nginx 1.22.1-9']],
    ['apt install "nginx=1.22.*" nginx/bookworm ./a.deb', []],
    ['aptitude install nginx:amd64=1', ['aptitude nginx:amd64 1']],
    ['apt-get -o Acquire::Retries=3 update', []],
    ['apt-get install -o Acquire::Retries=3 nginx', []],
    ['apt-get install nginx=$V curl=${UNKNOWN}', ['apt-get nginx 1.2.3', 'apt-get curl ${UNKNOWN}']],
    ['apk add --no-cache -t .deps=1 a=1.2-r0 b~=1 "c>2"', ['apk a 1.2-r0']],
    ["pip3 install --index-url https://x/==1 'a==1.0' 'b[c]===2' d>=3 'e==1.*' 'f~=1'", ['pip3 a 1.0', 'pip3 b 2']],
    ['pip install "a>=1; python_version == \'3.8\'"', []],
    ['pip install "a == 1.5"', ['pip a 1.5']],
    ['pip install -r requirements.txt git+https://example.org/x@v1.2.3', []],
    ['python3.11 -m pip install a==1', ['pip a 1']],
    ['uv pip install a==1 && pipx install b==2', ['uv a 1', 'pipx b 2']],
    ['npm install -g @a/b @a/c@1.2.3 d@latest e@^1.2.3 f@1 g@2.0.0-rc.1', ['npm @a/c 1.2.3', 'npm g 2.0.0-rc.1']],
    ['yarn global add a@1.2.3 && pnpm add b@npm:c@2.0.0', ['yarn a 1.2.3', 'pnpm c 2.0.0']],
    ['gem install rails -v 7.1.2 && gem install a:1.2 b -v "~> 1.2"', ['gem a 1.2', 'gem rails 7.1.2']],
    [
      'dnf install -y nginx-1.20.1-14 java-11-openjdk java-1.8.0-openjdk gcc-toolset-12 bind-9.16',
      ['dnf nginx 1.20.1-14', 'dnf bind 9.16'],
    ],
    ['go install example.org/a@v1.2.3 example.org/b@latest example.org/c@v1', ['go example.org/a v1.2.3']],
    ['cargo install a@1.2.3 && cargo install b --version 0.1.0', ['cargo a 1.2.3', 'cargo b 0.1.0']],
    ['echo "pip install a==1" # pip install b==1', []],
    ['pip download=1 && ./pip.sh install a==1', []],
  ])('%j', (command, expected) => {
    expect([...versions(`RUN ${command}`)].sort()).toEqual([...expected].sort());
  });

  it('points at the word, in continuation lines and heredocs', () => {
    expect(found('FROM debian\nRUN apt-get install -y \\\n    curl \\\n    nginx=1\n', { only })).toEqual([
      '4:5 apt-get installs nginx at the exact version 1',
    ]);
    expect(found('FROM debian\nRUN <<EOF\nset -e\napt-get install nginx=1\nEOF\n', { only })).toEqual([
      '4:17 apt-get installs nginx at the exact version 1',
    ]);
  });

  it('allows packages that are listed', () => {
    expect(versions('RUN apt-get install a=1 b=2', { options: { allowedVersions: ['a'] } })).toEqual(['apt-get b 2']);
  });
});

describe('no-foreign-latest', () => {
  const only = ['no-foreign-latest'];

  it.each([
    'FROM debian',
    'FROM debian:latest',
    'FROM debian:12\nCOPY --from=busybox /a /b',
    'FROM debian:12\nRUN --mount=from=busybox:latest,target=/b ls /b',
    'ARG TAG=latest\nFROM debian:$TAG',
  ])('refuses %j', (text) => {
    expect(check(text, { only })).toMatchObject([{ rule: 'no-foreign-latest', severity: 'error' }]);
  });

  it.each([
    'FROM debian:12',
    'FROM ghcr.io/acme/base',
    'FROM ghcr.io/acme/base:latest',
    `FROM debian:latest@sha256:${'a'.repeat(64)}`,
    'FROM debian:12 AS a\nFROM a',
    'FROM scratch',
  ])('allows %j', (text) => {
    expect(check(text, { only })).toEqual([]);
  });
});

describe('fleet-namespace', () => {
  const only = ['fleet-namespace'];

  it('refuses images of the fleet that are taken from a copy', () => {
    expect(found('FROM quay.io/acme/base:latest', { only })).toEqual([
      "1:6 'quay.io/acme/base:latest' is a copy of an image of the fleet",
    ]);
  });

  it('refuses a namespace that the template writes out', () => {
    const text = 'FROM ghcr.io/acme/base:latest';
    expect(check(text, { only, templateLine: () => 'FROM ghcr.io/acme/base:{{ tag }}' })).toHaveLength(1);
    expect(check(text, { only, templateLine: () => "FROM {{ image_spec('base') }}" })).toEqual([]);
    expect(check(text, { only })).toEqual([]);
  });

  it('leaves images of others alone', () => {
    expect(check('FROM quay.io/acmes/base:1', { only, templateLine: () => 'FROM quay.io/acmes/base:1' })).toEqual([]);
  });
});
