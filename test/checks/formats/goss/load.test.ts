import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadTestFile, type TestFile, testFolder } from '../../../../src/checks/index.ts';
import { runListedCheck } from '../../../../src/checks/run-check.ts';
import { formatProblem, problemsOf } from '../../../../src/problems.ts';

let workspace = '';
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'image-cascade-goss-'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

/** Loads the first of the files, which are in a folder of tests; one that begins with `../` is beside that. */
function load(files: Readonly<Record<string, string>>, env = {}): Promise<TestFile> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(workspace, 'docker/web', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const [[name = '', text = ''] = []] = Object.entries(files);
  return loadTestFile(text, `docker/web/${name}`, testFolder(workspace, `docker/web/${name}`, 'docker/web'), env);
}

async function problems(...args: Parameters<typeof load>): Promise<string[]> {
  try {
    await load(...args);
    return [];
  } catch (error) {
    return problemsOf(error).map(formatProblem);
  }
}

const titles = ({ checks }: TestFile): string[] => checks.map(({ title }) => title);

describe('a gossfile', () => {
  it('is known by its name or by what it holds, and becomes a check for each resource', async () => {
    const text = [
      'file:',
      '  /etc/passwd: { exists: true }',
      'command:',
      '  is root: { exec: id -u, exit-status: 0, timeout: 500 }',
      'port:',
      '  web: { title: the web port, port: "tcp:80", listening: true }',
    ].join('\n');
    for (const name of ['goss.yaml', 'goss-web.yml', 'other.yaml']) {
      const { checks, up } = await load({ [name]: text });
      expect(up).toBeUndefined();
      expect(checks.map(({ title, place, timeoutMs }) => [title, place.line, place.column, timeoutMs])).toEqual([
        ['file /etc/passwd', 2, 3, 35_000],
        ['command is root', 4, 3, 500],
        ['the web port', 6, 3, 35_000],
      ]);
    }
  });

  it('may be JSON', async () => {
    expect(titles(await load({ 'goss.json': '{"user": {"root": {"exists": true}}}' }))).toEqual(['user root']);
  });

  it('is refused with every mistake at its place', async () => {
    const text = [
      'files: { /x: { exists: true } }',
      'file:',
      '  /etc: { exits: true }',
      '  /usr: { exists: true, mode: { have-prefix: 6 }, contents: [5] }',
      'command:',
      '  x: { exit-status: zero, timeout: soon }',
      'http:',
      "  'http://localhost': { status: 200, request-headers: [nothing], allow-insecure: perhaps }",
      'gossfile: { nowhere.yaml: {} }',
    ].join('\n');
    expect(await problems({ 'goss.yaml': text })).toEqual([
      "docker/web/goss.yaml:1:1: 'files' is no type of resource; did you mean 'file'?",
      "docker/web/goss.yaml:3:11: 'file./etc.exits' is not known; did you mean 'exists'?",
      "docker/web/goss.yaml:3:9: 'file./etc' has no 'exists'; write what is expected",
      "docker/web/goss.yaml:4:46: 'file./usr.mode.have-prefix' needs a text",
      "docker/web/goss.yaml:4:62: 'file./usr.contents.0' is a pattern and has to be text; put it in quotes",
      "docker/web/goss.yaml:6:21: 'command.x.exit-status' has to be a number",
      "docker/web/goss.yaml:6:36: 'command.x.timeout' has to be a number of milliseconds",
      "docker/web/goss.yaml:8:56: 'http.http://localhost.request-headers.0' is no header; write 'Name: value'",
      "docker/web/goss.yaml:8:82: 'http.http://localhost.allow-insecure' has to be true or false",
      "docker/web/goss.yaml:9:13: 'nowhere.yaml' does not exist; write its path relative to docker/web",
    ]);
  });

  it('may hold what its anchors refer to under names of its own', async () => {
    const text = 'defaults: &there { exists: true }\nfile: { /etc: { <<: *there, mode: "0755" }, /usr: *there }';
    expect(titles(await load({ 'goss.yaml': text }))).toEqual(['file /etc', 'file /usr']);
  });

  it('shows what it says to skip as skipped', async () => {
    const { checks } = await load({ 'goss.yaml': 'file: { /x: { exists: true, skip: true } }' });
    // Nothing is looked at, so there need not be a container.
    const result = await runListedCheck(checks[0] as never, {} as never);
    expect(result).toMatchObject({ status: 'skipped', message: 'the gossfile says so' });
  });

  it('has to have a resource', async () => {
    expect(await problems({ 'goss.yaml': '' })).toEqual([
      'docker/web/goss.yaml:1:1: there is no resource in this file',
    ]);
  });
});

describe('what a gossfile includes', () => {
  it('is found relative to it, by patterns too, and counts where both say something', async () => {
    const found = await load({
      'goss.yaml': 'user: { root: { exists: true } }\ngossfile: { "parts/*/g*.yaml": {}, none.yaml: { skip: true } }',
      'parts/a/goss.yaml': 'user: { root: { title: from a, exists: true } }\ngossfile: { b: { file: ../more.yml } }',
      'parts/b/gb.yaml': 'group: { root: { exists: true } }',
      'parts/b/other.yaml': 'nothing: here',
      'parts/more.yml': 'process: { init: { running: true } }',
    });
    expect(titles(found)).toEqual(['from a', 'process init', 'group root']);
    expect(found.checks[0]?.place).toMatchObject({ file: 'docker/web/parts/a/goss.yaml', line: 1 });
  });

  it('has to be one of the tests', async () => {
    const outside = { '../secret.yaml': 'user: { root: { exists: true } }' };
    expect(await problems({ 'goss.yaml': 'gossfile: { ../secret.yaml: {} }', ...outside })).toEqual([
      expect.stringMatching(/^docker\/web\/goss\.yaml:1:13: '\.\.\/secret\.yaml' is outside of docker\/web/),
    ]);
    expect(await problems({ 'goss.yaml': 'gossfile: { "../*.yaml": {} }', ...outside })).toEqual([
      expect.stringMatching(/^docker\/web\/goss\.yaml:1:13: '\.\.' is outside of docker\/web/),
    ]);
    expect(await problems({ 'goss.yaml': 'gossfile: { "/etc/*.yaml": {} }' })).toEqual([
      expect.stringMatching(/^docker\/web\/goss\.yaml:1:13: '\/etc' is outside of docker\/web/),
    ]);
  });

  it('must not lead back to it', async () => {
    expect(await problems({ 'goss.yaml': 'gossfile: { goss.yaml: {} }' })).toEqual([
      'docker/web/goss.yaml:1:13: there are 50 files inside of each other; one includes itself',
    ]);
  });
});

describe('the files beside a gossfile', () => {
  const goss = 'port: { "tcp:{{ .Vars.port }}": { listening: true } }';

  it('are waited for and give the variables', async () => {
    const found = await load({
      'goss.yaml': goss,
      'goss_wait.yaml': goss,
      'goss_vars.yaml': 'port: 80',
    });
    expect(titles(found)).toEqual(['port tcp:80']);
    expect(found.up).toMatchObject({ health: false, timeoutMs: 30_000, checks: [{ title: 'port tcp:80' }] });
  });

  it('need not be there', async () => {
    const text = 'user: { root: { exists: true } }';
    const alone = testFolder('/nowhere', 'docker/web/goss.yaml', undefined);
    expect(titles(await loadTestFile(text, 'docker/web/goss.yaml', alone))).toEqual(['user root']);
  });

  it('are not overlooked where the gossfile is named alone', async () => {
    await load({ 'goss.yaml': goss, 'goss_wait.yaml': goss, 'goss_vars.yaml': 'port: 80' });
    const alone = testFolder(workspace, 'docker/web/goss.yaml', undefined);
    await expect(loadTestFile(goss, 'docker/web/goss.yaml', alone)).rejects.toThrow(
      "is not one of the tests: 'tests' in images.yaml names docker/web/goss.yaml alone",
    );
  });
});

describe('a gossfile in tests.yaml', () => {
  it('is one check more for each resource, with the variables that it is given', async () => {
    const found = await load({
      'tests.yaml': [
        'start: { env: { OS: debian } }',
        'up: { port: 80, timeout: 5 }',
        'include: [{ goss: unit/goss.yaml, vars: vars.yaml }, structure.yaml]',
        'checks: [{ port: 80 }]',
      ].join('\n'),
      'unit/goss.yaml': 'package: { {{ index .Vars .Env.OS }}: { installed: true } }',
      'unit/goss_wait.yaml': 'process: { init: { running: true } }',
      'vars.yaml': 'debian: apt',
      'structure.yaml': 'schemaVersion: 2.0.0\nmetadataTest: { user: root }',
    });
    expect(titles(found)).toEqual(['port 80/tcp is listening', 'package apt', 'metadata']);
    expect(found.up?.checks.map(({ title }) => title)).toEqual(['port 80/tcp is listening', 'process init']);
    expect(found.up?.timeoutMs).toBe(5_000);
  });

  it('sees variables of the job, but not inputs and tokens', async () => {
    const env = { SHOWN: 'a', GITHUB_TOKEN: 'secret', INPUT_PASSWORD: 'secret', ACTIONS_RUNTIME_TOKEN: 'secret' };
    const file = (name: string) => ({ 'goss.yaml': `user: { '{{ .Env.${name} }}': { exists: true } }` });
    expect(titles(await load(file('SHOWN'), env))).toEqual(['user a']);
    for (const name of ['GITHUB_TOKEN', 'INPUT_PASSWORD', 'ACTIONS_RUNTIME_TOKEN'])
      expect(await problems(file(name), env)).toEqual([expect.stringContaining(`there is no '${name}'`)]);
    const asked = { 'goss.yaml': `user: { '{{ getEnv "GITHUB_TOKEN" "none" }}': { exists: true } }` };
    expect(titles(await load(asked, env))).toEqual(['user none']);
  });

  it('has its mistakes at their places in the template', async () => {
    const text = ['file:', '{{ range mkSlice "/a" "/b" }}', '  {{ . }}: { exits: true }', '{{ end }}'].join('\n');
    expect(await problems({ 'goss.yaml': text })).toEqual([
      "docker/web/goss.yaml:3:14: 'file./a.exits' is not known; did you mean 'exists'?",
      "docker/web/goss.yaml:3:12: 'file./a' has no 'exists'; write what is expected",
      "docker/web/goss.yaml:3:14: 'file./b.exits' is not known; did you mean 'exists'?",
      "docker/web/goss.yaml:3:12: 'file./b' has no 'exists'; write what is expected",
    ]);
  });
});
