import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadTestFile, type TestFile, testFolder } from '../../src/checks/index.ts';
import { formatProblem, ProblemsError } from '../../src/problems.ts';

function load(text: string): Promise<TestFile> {
  return loadTestFile(text, 'tests.yaml', testFolder('/nowhere', 'tests.yaml', undefined));
}

async function problems(text: string): Promise<string[]> {
  try {
    await load(text);
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
      "tests.yaml:4:5: 'checks.1': is not one check; write one of port, http, tls, command, file, process, user, package, env, label, metadata, config, openapi, baseline, pod in each entry",
      "tests.yaml:5:5: 'checks.2': is not one check; write one of port, http, tls, command, file, process, user, package, env, label, metadata, config, openapi, baseline, pod in each entry",
      "tests.yaml:6:19: 'checks.3.file.path': does not begin with '/'; write the path from the root",
      "tests.yaml:6:30: 'checks.3.file.mode' is the number 644; expected text: put it in quotes",
      expect.stringMatching(/^tests\.yaml:7:42: 'checks\.4\.http\.body\.matches': is no regular expression/),
      expect.stringMatching(/^tests\.yaml:8:11: 'checks\.5\.port': is no port; write 80, 80\/tcp or 53\/udp/),
    ]);
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
