import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadTestFile, type TestFile, testFolder } from '../../src/checks/index.ts';
import { formatProblem, ProblemsError } from '../../src/problems.ts';

function load(text: string): Promise<TestFile> {
  return loadTestFile(text, 'tests.yaml', testFolder('/nowhere', 'tests.yaml', undefined));
}

const pod = 'kind: Pod\nspec: { containers: [{ name: web }] }';

async function problems(text: string): Promise<string[]> {
  return messages(() => load(text));
}

async function messages(read: () => Promise<unknown>): Promise<string[]> {
  try {
    await read();
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems.map(formatProblem);
    throw error;
  }
}

describe('a test file', () => {
  it('is read with every default filled in', async () => {
    const { start, up, checks } = await load(
      [
        'start: { env: { N: 3 }, command: serve --all }',
        'up: { http: { port: 80 }, log: { matches: ready$ }, timeout: 5 }',
        'checks:',
        '  - port: 80',
        '  - port: 53/udp',
        '  - name: greets',
        '    http: { port: 80, path: /hello, status: [200, 204], body: hi }',
        '    retries: 2',
        '  - command: [id, -u]',
        '    timeout: 0.5',
        '  - file: /etc/passwd',
        '  - file: { path: /x, exists: false }',
      ].join('\n'),
    );
    expect(start).toEqual({ env: { N: '3' }, command: ['sh', '-c', 'serve --all'], mounts: [] });
    expect(up).toMatchObject({ log: { matches: ['ready$'] }, health: false, timeoutMs: 5000 });
    expect(up?.checks.map(({ title }) => title)).toEqual(['GET / on port 80 answers 200']);
    expect(checks.map(({ title }) => title)).toEqual([
      'port 80/tcp is listening',
      'port 53/udp is listening',
      'greets',
      '`id -u` ends with 0',
      '/etc/passwd is as described',
      '/x does not exist',
    ]);
    expect(checks[2]).toMatchObject({
      retries: 2,
      timeoutMs: 10_000,
      place: { file: 'tests.yaml', line: 6, column: 5 },
    });
    expect(checks[2]?.check).toMatchObject({ title: 'GET /hello on port 80 answers 200 or 204', ports: [80] });
    expect(checks[3]).toMatchObject({ timeoutMs: 500, retries: 0, check: { looksAt: 'process' } });
  });

  it('may be empty: then the container only has to come up', async () => {
    expect(await load('')).toMatchObject({ start: { command: [] }, services: [], checks: [] });
  });

  it('reports all that is wrong in it, each with its place', async () => {
    const text = [
      'up: { prot: 80 }',
      'checks:',
      '  - { http: { port: 99999 } }',
      '  - { port: 80, file: /etc }',
      '  - {}',
      '  - file: { path: etc, mode: 0644 }',
      "  - { http: { port: 80, body: { matches: '(' } } }",
      '  - port: http',
    ];
    expect(await problems(text.join('\n'))).toEqual([
      "tests.yaml:1:7: unknown key 'prot' in 'up'; did you mean 'port'?",
      "tests.yaml:3:21: 'checks.0.http.port' is too big; at most 65535",
      "tests.yaml:4:5: 'checks.1' holds several checks (port, file); write an entry for each",
      "tests.yaml:5:5: 'checks.2' is no check; write one of port, http, tls, command, file, process, user, package, env, label, metadata, config, openapi, baseline, pod in it",
      "tests.yaml:6:19: 'checks.3.file.path' does not begin with '/'; write the path from the root",
      "tests.yaml:6:30: 'checks.3.file.mode' is the number 644; expected text: put it in quotes",
      expect.stringMatching(/^tests\.yaml:7:42: 'checks\.4\.http\.body\.matches' is no regular expression/),
      expect.stringMatching(
        /^tests\.yaml:8:11: 'checks\.5\.port' is no port from 1 to 65535; write 80, 80\/tcp or 53\/udp/,
      ),
    ]);
  });

  it('tells of an unknown key once', async () => {
    expect(await problems('checks: [{ prot: 80 }]')).toEqual([
      "tests.yaml:1:12: unknown key 'prot' in 'checks.0'; did you mean 'port'?",
    ]);
    expect(await problems('start: { services: { DB: { image: postgres } } }')).toEqual([
      "tests.yaml:1:22: the key 'DB' of 'start.services' can't stand here; use lower case letters, digits and dashes",
    ]);
  });

  it('names no port that there is not', async () => {
    for (const port of ['0', '70000', '99999/tcp', '0/udp', '80/sctp'])
      expect(await problems(`checks: [{ port: ${port} }]`)).toHaveLength(1);
    expect(await problems('checks: [{ metadata: { exposed-ports: [0, 99999/tcp] } }]')).toHaveLength(2);
  });

  it('reports all files that are not there or not what they have to be, before anything is started', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'image-cascade-tests-'));
    const broken = { 'openapi.yaml': 'a: 1', 'broken.yaml': 'a: [', 'service.yaml': 'kind: Service', 'p.yaml': pod };
    for (const [name, text] of Object.entries(broken)) writeFileSync(join(workspace, name), text);
    const text = [
      'start: { mounts: [{ source: none.conf, target: /etc/x }] }',
      'include: [none.yaml]',
      'checks:',
      '  - tls: { port: 443, ca: none.pem }',
      '  - openapi: { port: 80, document: openapi.yaml }',
      '  - openapi: { port: 80, document: broken.yaml }',
      '  - pod: { file: service.yaml }',
      '  - pod: { file: broken.yaml }',
      '  - pod: { file: p.yaml, container: api }',
    ].join('\n');
    const load = (): Promise<unknown> => loadTestFile(text, 'tests.yaml', testFolder(workspace, 'tests.yaml', '.'));
    expect(await messages(load)).toEqual([
      "tests.yaml:1:29: 'none.conf' does not exist; write its path relative to .",
      "tests.yaml:4:27: 'none.pem' does not exist; write its path relative to .",
      "openapi.yaml:1: it is no OpenAPI 3.0 or 3.1 document: 'openapi' does not say so",
      expect.stringMatching(/^broken\.yaml:1:5: flow sequence/),
      expect.stringMatching(/^tests\.yaml:7:18: 'service\.yaml': the file defines no pod; expected a Pod/),
      expect.stringMatching(/^tests\.yaml:8:18: 'broken\.yaml': it is no YAML: [^\n]*$/),
      "tests.yaml:9:37: 'p.yaml': the pod has no container 'api'; there is web",
      "tests.yaml:2:11: 'none.yaml' does not exist; write its path relative to .",
    ]);
    rmSync(workspace, { recursive: true });
  });

  it('may have services and mounts, with files of its folder', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'image-cascade-tests-'));
    mkdirSync(join(workspace, 'docker/web/tests'), { recursive: true });
    writeFileSync(join(workspace, 'docker/web/tests/site.conf'), '');
    writeFileSync(join(workspace, 'docker/web/secret'), '');
    const text = [
      'start:',
      '  mounts: [{ source: site.conf, target: /etc/site.conf }, { tmpfs: /run }]',
      '  services: { db: { image: postgres, env: { A: 1 }, up: { port: 5432 } } }',
    ].join('\n');
    const file = 'docker/web/tests/tests.yaml';
    const { start, services } = await loadTestFile(text, file, testFolder(workspace, file, 'docker/web/tests'));
    expect(start.mounts).toEqual([
      {
        kind: 'bind',
        source: join(realpathSync(workspace), 'docker/web/tests/site.conf'),
        target: '/etc/site.conf',
        readOnly: true,
      },
      { kind: 'tmpfs', target: '/run' },
    ]);
    expect(services).toMatchObject([
      { name: 'db', image: 'postgres', start: { env: { A: '1' } }, up: { timeoutMs: 60_000 } },
    ]);

    const outside = 'start: { mounts: [{ source: ../secret, target: /s }, { source: nowhere, target: /t }] }';
    const load = loadTestFile(outside, file, testFolder(workspace, file, 'docker/web/tests'));
    await expect(load).rejects.toThrow("'../secret' is outside of docker/web/tests");
    rmSync(workspace, { recursive: true });
  });
});
