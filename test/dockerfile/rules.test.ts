import { describe, expect, it } from '@jest/globals';
import type { Tree } from '../../src/dockerfile/context-files.ts';
import { parseIgnoreFile } from '../../src/dockerfile/ignore-file.ts';
import {
  checkDockerfile,
  createContextFiles,
  type Finding,
  noOptions,
  parseDockerfile,
  type Rule,
  type RuleContext,
  type RuleOptions,
  rules,
} from '../../src/dockerfile/index.ts';

const files: Tree = {
  kind: (path) =>
    ['.', 'src'].includes(path) ? 'folder' : ['app.conf', 'src/a.py'].includes(path) ? 'file' : undefined,
  names: (folder) => (folder === '.' ? ['app.conf', 'src'] : ['a.py']),
};

interface Settings {
  readonly options?: Partial<RuleOptions>;
  readonly example?: Rule['example'];
  readonly image?: Partial<RuleContext['image']>;
}

function check(text: string, { options, image, example = {} }: Settings = {}): readonly Finding[] {
  const { '.dockerignore': ignore = '', ...named } = example.files ?? {};
  const tree: Tree = {
    kind: (path) => (path in named ? 'file' : files.kind(path)),
    names: files.names,
  };
  return checkDockerfile({
    dockerfile: parseDockerfile(text),
    image: { name: 'web', buildArgs: example.buildArgs ?? {}, platforms: ['linux/amd64'], ...image },
    files: createContextFiles(tree, parseIgnoreFile(ignore)),
    options: { ...noOptions, ...example.options, ...options },
    isFleetReference: (reference) => reference.startsWith('ghcr.io/acme/'),
    baseConfig: (reference) => example.bases?.[reference] ?? { environment: {} },
  });
}

const found = (text: string, settings?: Settings): readonly string[] =>
  check(text, settings).map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('every rule', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s finds its bad example and not its good one',
    (id, rule) => {
      const severities = rule.severity === 'off' && rule.experimental !== true ? { [id]: 'warning' as const } : {};
      const settings = { example: rule.example, options: { severities } };
      expect(check(rule.bad, settings).map((finding) => finding.rule)).toContain(id);
      const left = check(rule.good, settings);
      expect(left.filter((finding) => finding.rule === id || finding.severity === 'error')).toEqual([]);
    },
  );

  it('has an id of its own, a reason in one line, and a twin that is there', () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(rules.length);
    for (const { id, summary, sameAs } of rules) {
      expect(id).toMatch(/^(?:[a-z]+(?:-[a-z]+)*|[A-Z]+[a-z][A-Za-z]+|DL\d{4})$/);
      expect(summary).toMatch(/^[A-Z$][^\n]*[^.\n]$|^[a-z]+ [^\n]*[^.\n]$/);
      if (sameAs !== undefined) expect(ids).toContain(sameAs);
    }
  });

  it('can be another severity, or off', () => {
    const text = 'FROM alpine\nRUN apk add curl=8\n';
    const severities = { 'no-exact-versions': 'off', 'debian-or-fleet-base': 'warning' } as const;
    expect(check(text, { options: { severities } })).toMatchObject([
      { rule: 'debian-or-fleet-base', severity: 'warning' },
    ]);
  });
});

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
    expect(found(`FROM debian\n${line}`)).toEqual(expected);
  });

  it('only warns of a pattern that matches nothing, which the builder lets pass', () => {
    expect(check('FROM debian\nCOPY app.conf *.lock /x/')).toMatchObject([
      { severity: 'warning', line: 2, column: 15 },
    ]);
  });

  it('looks at needed stages only', () => {
    expect(found('FROM debian AS unused\nCOPY nope /x\nFROM debian\n')).toEqual([]);
  });
});

describe('debian-or-fleet-base', () => {
  it.each([
    'FROM debian:bookworm-slim',
    `FROM docker.io/library/debian@sha256:${'a'.repeat(64)}`,
    'FROM mirror.example.org/library/debian:12',
    'FROM ghcr.io/acme/base:latest',
    'FROM alpine AS tools\nFROM debian\nCOPY --from=tools /a /b',
    'FROM debian AS base\nFROM base',
  ])('allows %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    'FROM alpine',
    'FROM evil/debian',
    'FROM ghcr.io/acmes/base',
    'FROM scratch',
    'FROM alpine AS base\nFROM base',
  ])('refuses %j', (text) => {
    expect(check(text)).toMatchObject([{ rule: 'debian-or-fleet-base', line: 1, column: 6 }]);
  });

  it('allows what is listed', () => {
    const options = { allowedBases: ['alpine', 'scratch'] };
    expect(found('FROM alpine:3.20', { options })).toEqual([]);
    expect(found('FROM scratch', { options })).toEqual([]);
  });

  it('looks at the base of every platform', () => {
    const image = { platforms: ['linux/amd64', 'linux/arm64'] };
    expect(check('FROM a/base-$TARGETARCH', { image })).toHaveLength(2);
  });
});

describe('no-exact-versions', () => {
  const versions = (run: string, settings?: Settings): readonly string[] =>
    check(`FROM debian\nARG V=1.2.3\n${run}`, settings).map(({ message }) =>
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
    expect(found('FROM debian\nRUN apt-get install -y \\\n    curl \\\n    nginx=1\n')).toEqual([
      '4:5 apt-get installs nginx at the exact version 1',
    ]);
    expect(found('FROM debian\nRUN <<EOF\nset -e\napt-get install nginx=1\nEOF\n')).toEqual([
      '4:17 apt-get installs nginx at the exact version 1',
    ]);
  });

  it('allows packages that are listed', () => {
    expect(versions('RUN apt-get install a=1 b=2', { options: { allowedVersions: ['a'] } })).toEqual(['apt-get b 2']);
  });
});

describe('ignore comments', () => {
  const pinned = 'RUN apt-get install \\\n  a=1 \\\n  b=2';

  it('cover the instruction below', () => {
    expect(found(`FROM debian\n# image-cascade ignore=no-exact-versions a is broken in 2\n${pinned}`)).toEqual([]);
  });

  it('cover one line when they stand between the lines of an instruction', () => {
    const text =
      'FROM debian\nRUN apt-get install \\\n  # image-cascade ignore=no-exact-versions for now\n  a=1 \\\n  b=2';
    expect(found(text)).toEqual(['5:3 apt-get installs b at the exact version 2']);
  });

  it('cover no other rule and nothing further down', () => {
    expect(check(`FROM debian\n# image-cascade ignore=copy-source-exists elsewhere\n${pinned}`)).toHaveLength(2);
    expect(check(`FROM debian\n# image-cascade ignore=no-exact-versions for now\nUSER a\n${pinned}`)).toHaveLength(2);
  });

  it('are a finding when they give no reason', () => {
    expect(check('# image-cascade ignore=copy-source-exists\nFROM debian')).toMatchObject([
      { rule: 'ignore-comment', severity: 'warning', message: 'the comment does not say why' },
    ]);
  });

  it('are a finding when they name no rule', () => {
    expect(check('# image-cascade ignore=no-such-rule because\nFROM debian')).toMatchObject([
      { rule: 'ignore-comment', severity: 'warning', message: "there is no rule 'no-such-rule' to ignore" },
    ]);
  });
});
