import { describe, expect, it } from '@jest/globals';
import { goMode } from '../../../src/checks/formats/go-mode.ts';
import { goRegExp } from '../../../src/checks/formats/go-regexp.ts';
import { commandBreaches, expand, metadataTestBreaches } from '../../../src/checks/formats/structure-tests.ts';
import { loadTestFile, testFolder } from '../../../src/checks/index.ts';
import { onceArguments } from '../../../src/engine/index.ts';
import { formatProblem, problemsOf } from '../../../src/problems.ts';

const alone = testFolder('/nowhere', 'structure.yaml', undefined);

describe('a file of container-structure-test', () => {
  it('is known by its content, and becomes a check for each test', async () => {
    const text = [
      'schemaVersion: 2.0.0',
      'commandTests: [{ name: greets, command: echo, args: [hello] }]',
      'fileExistenceTests: [{ name: is there, path: /etc }]',
      'metadataTest: { user: root }',
    ].join('\n');
    const { checks, services } = await loadTestFile(text, 'structure.yaml', alone);
    expect(services).toEqual([]);
    expect(checks.map(({ title, place, check }) => [title, place.line, check.looksAt])).toEqual([
      ['greets', 2, 'image'],
      ['is there', 3, 'image'],
      ['metadata', 4, 'image'],
    ]);
  });

  it('is refused with every mistake at its place', async () => {
    const text = [
      'schemaVersion: 2.0.0',
      'commandTest: []',
      "commandTests: [{ name: '', command: x, expectedOutput: ['('] }]",
      'fileExistenceTests: [{ name: a, path: /a, isExecutableBy: all }]',
    ].join('\n');
    let found: string[] = [];
    try {
      await loadTestFile(text, 'structure.yaml', alone);
    } catch (error) {
      found = problemsOf(error).map(formatProblem);
    }
    expect(found).toEqual([
      "structure.yaml:2:1: unknown key 'commandTest'; did you mean 'commandTests'?",
      "structure.yaml:3:18: 'commandTests.0.name' is empty; name the test",
      expect.stringMatching(/^structure\.yaml:3:57: 'commandTests\.0\.expectedOutput\.0' is no regular expression/),
      expect.stringMatching(/^structure\.yaml:4:59: 'fileExistenceTests\.0\.isExecutableBy' is the text 'all'/),
    ]);
  });
});

describe('its variables', () => {
  it('are put in as Go does it', () => {
    expect(expand('/opt:$PATH ${HOME}x $none$', { PATH: '/bin', HOME: '/root' })).toBe('/opt:/bin /rootx $');
    expect(expand('$constructor', {})).toBe('');
  });
});

describe('a command test', () => {
  it('looks at both streams and the exit code', () => {
    const result = { status: 3, stdout: 'one\ntwo\n', stderr: 'oops' };
    const test = { name: 'x', command: 'x' };
    expect(commandBreaches({ ...test, exitCode: 3, expectedOutput: ['one'], excludedError: ['fine'] }, result)).toEqual(
      [],
    );
    expect(commandBreaches({ ...test, expectedOutput: ['^two$'], excludedError: ['oops'] }, result)).toEqual([
      'standard error matches /oops/',
      "standard error is 'oops'",
      'standard output does not match /^two$/',
      "standard output is 'one\ntwo'",
      "it ended with 3, expected 0; standard error is 'oops'",
    ]);
  });

  it('runs without the entrypoint of the image', () => {
    const settings = {
      image: 'i',
      name: 'n',
      labels: {},
      command: ['id', '-u'],
      env: { A: 'b c' },
      user: 'www',
      tty: true,
    };
    expect(onceArguments({ ...settings, volumes: ['/a:/b'], capabilities: ['NET_ADMIN'] })).toEqual([
      ...['run', '--pull', 'never', '--name', 'n', '--env', 'A=b c', '--user', 'www', '--tty'],
      ...['--cap-add', 'NET_ADMIN', '--volume', '/a:/b', '--entrypoint', '', 'i', 'id', '-u'],
    ]);
  });
});

describe('a metadata test', () => {
  const config = { Env: ['A=1'], Cmd: ['x'], ExposedPorts: { '80/tcp': {} }, Labels: { l: 'v1' } };
  const image = { os: 'linux', architecture: 'amd64', config };

  it('passes or says each difference', () => {
    const right = {
      envVars: [{ key: 'A', value: '\\d', isRegex: true }],
      unboundEnvVars: [{ key: 'B' }],
      exposedPorts: ['80'],
      cmd: ['x'],
    };
    expect(metadataTestBreaches(right, image)).toEqual([]);
    const wrong = {
      labels: [{ key: 'l', value: 'v' }],
      entrypoint: ['y'],
      unexposedPorts: ['80'],
      volumes: ['/d'],
      user: 'www',
    };
    expect(metadataTestBreaches(wrong, image)).toEqual([
      "the label l is 'v1', expected 'v'",
      'its entrypoint is [], expected ["y"]',
      "its user is '', expected 'www'",
      'the exposed port 80 is there',
      'the volume /d is not there',
    ]);
  });
});

describe('regular expressions of Go', () => {
  it.each<[string, string, boolean]>([
    ['^b$', 'a\nb', false],
    ['(?m)^b$', 'a\nb', true],
    ['(?i)ABC', 'xabc', true],
    ['[[:digit:]]{2}', 'a42', true],
    ['\\Aa.c\\z', 'a.c', true],
    ['\\Qa.c\\E', 'abc', false],
    ['(?P<name>x)', 'x', true],
    ['a\\-b\\_\\"', 'a-b_"', true],
    ['\\pL+', 'é', true],
  ])('%j on %j', (pattern, text, matches) => {
    expect(goRegExp(pattern).test(text)).toBe(matches);
  });
});

describe('modes of Go', () => {
  it('say type and special bits first', () => {
    expect(goMode({ type: 'file', mode: 0o644 })).toBe('-rw-r--r--');
    expect(goMode({ type: 'directory', mode: 0o1777 })).toBe('dtrwxrwxrwx');
    expect(goMode({ type: 'file', mode: 0o4755 })).toBe('urwxr-xr-x');
    expect(goMode({ type: 'symlink', mode: 0o777 })).toBe('Lrwxrwxrwx');
  });
});
