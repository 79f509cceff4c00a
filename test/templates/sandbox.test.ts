import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attempt, breaches, canary, makeRepository, traceCode } from './sandbox.ts';

const here = dirname(fileURLToPath(import.meta.url));
const payloads = readFileSync(join(here, 'sandbox-payloads.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '))
  .map((line) => line.replaceAll('@@', traceCode));

let root: string;
let folder: string;
beforeAll(() => {
  ({ root, folder } = makeRepository());
  process.env.CANARY = canary;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  delete process.env.CANARY;
});

describe('the sandbox tests', () => {
  it('render what is harmless', () => {
    const { text } = attempt(root, '{{ image_spec("web") }} {{ data.nested.text }}', 'strict');
    expect(text).toBe('ghcr.io/acme/web x');
  });

  it.each([
    ['a secret', { text: canary, error: undefined }],
    ['a secret in an error', { text: '', error: canary }],
    ['a user of the machine', { text: 'root:x:0:0:root:/root:/bin/bash', error: undefined }],
    ['a function', { text: 'function Object() { [native code] }', error: undefined }],
    ['an internal error', { text: '', error: 'a.js:1:1: x is not a function' }],
  ])('notice %s', (_, seen) => {
    expect(breaches(seen)).toHaveLength(1);
  });
});

describe('a published payload reaches nothing', () => {
  it.each(payloads)('%s', (payload) => {
    for (const mode of ['strict', 'lenient'] as const)
      expect({ mode, found: breaches(attempt(root, payload, mode)) }).toEqual({ mode, found: [] });
  });
});

describe('a file outside of the template folders', () => {
  const outside = [
    '/etc/passwd',
    '../../../secret.txt',
    '../../../../../../../../etc/passwd',
    './../../../secret.txt',
    'docker/web/../../../secret.txt',
    '../../.git/config',
    '.git/config',
    'docker/web/../../.git/config',
    'notes/secret.txt',
    '../../notes/secret.txt',
    'link.txt',
    'folder/secret.txt',
    'git/config',
    'absolute.txt',
    'passwd',
    'notes.txt',
    './notes.txt',
    'docker/web/link.txt',
    'loop.txt',
    'link.txt/',
    'folder/../secret.txt',
    'folder//secret.txt',
    '..\\..\\..\\secret.txt',
    'part.j2\0/../../../../secret.txt',
    '%2e%2e/%2e%2e/%2e%2e/secret.txt',
    'file:///etc/passwd',
    '//etc/passwd',
    '~/.bashrc',
    '.',
    '..',
    '',
  ];
  const ways = {
    include: (name: string) => `{% include ${name} %}`,
    'include of a list': (name: string) => `{% include [${name}] %}`,
    import: (name: string) => `{% import ${name} as m %}{{ m }}`,
    'from import': (name: string) => `{% from ${name} import x %}{{ x }}`,
    extends: (name: string) => `{% extends ${name} %}`,
    'the function render': (name: string) => `{{ render(${name}) }}`,
  };

  it.each(Object.entries(ways))('is not read by %s', (_, way) => {
    for (const name of outside) {
      const result = attempt(root, way(JSON.stringify(name).replace('\\u0000', '\\x00')), 'strict');
      expect({ name, found: breaches(result), failed: result.error !== undefined }).toEqual({
        name,
        found: [],
        failed: true,
      });
    }
  });

  it('is told from one that a link inside of the repository leads to', () => {
    expect(attempt(root, '{% include "inside.j2" %}', 'strict').text).toBe('part');
  });

  it('is never said to exist', () => {
    const { error = '' } = attempt(root, '{% include ["../../../secret.txt", "link.txt"] ignore missing %}', 'strict');
    expect(error).not.toContain(canary);
  });
});
