/** What the sandbox tests attack, and how they tell that it gave way. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem, problemsOf } from '../../src/problems.ts';
import { createRenderer, diskLoader, openStore } from '../../src/templates/index.ts';

export const canary = 'canary-8d1f0c';

/** JavaScript that leaves a trace where it runs. */
export const traceCode = 'globalThis.pwned=1';

export const limits = { timeMs: 500, output: 200_000 };

/** A repository with secrets around it, and links that lead to them. @returns the folder to remove, and the repository */
export function makeRepository(): { readonly folder: string; readonly root: string } {
  const folder = mkdtempSync(join(tmpdir(), 'image-cascade-sandbox-'));
  const root = join(folder, 'repository');
  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put('secret.txt', canary);
  put('outside/secret.txt', canary);
  put('repository/.git/config', canary);
  put('repository/notes/secret.txt', canary);
  put('repository/docker/web/Dockerfile.j2', '');
  put('repository/docker/_shared/macros.j2', '{% macro hello(x) %}hello {{ x }}{% endmacro %}');
  put('repository/docker/_shared/part.j2', 'part');
  for (const [target, path] of [
    ['../../../secret.txt', 'docker/web/link.txt'],
    ['../../../outside', 'docker/web/folder'],
    ['../../.git', 'docker/web/git'],
    [join(folder, 'secret.txt'), 'docker/_shared/absolute.txt'],
    ['/etc/passwd', 'docker/_shared/passwd'],
    ['../../notes/secret.txt', 'docker/web/notes.txt'],
    ['loop.txt', 'docker/web/loop.txt'],
    ['../_shared/part.j2', 'docker/web/inside.j2'],
  ] as const)
    symlinkSync(target, join(root, path));
  return { folder, root };
}

export interface Attempt {
  readonly text: string;
  readonly error: string | undefined;
}

/** Renders a template as the action does: with data, and with functions that act. */
export function attempt(root: string, template: string, mode: 'strict' | 'lenient'): Attempt {
  const path = 'docker/web/Dockerfile.j2';
  const disk = diskLoader(root);
  const loader = { ...disk, read: (name: string) => (name === path ? template : disk.read(name)) };
  const render = createRenderer(openStore(loader), {
    folders: ['docker/web', 'docker/_shared'],
    undefined: mode,
    limits,
  });
  const data = { a: 1, list: [1, 2], nested: { text: 'x' }, items: 'own' };
  const image_spec = (name: unknown): string => {
    if (typeof name !== 'string') throw new Error('image_spec needs text');
    return `ghcr.io/acme/${name}`;
  };
  const functions = {
    image_spec,
    render: (name: unknown): string =>
      render(image_spec(name).replace('ghcr.io/acme/', ''), { data }, { image_spec }).text,
  };
  try {
    return { text: render(path, { data, x: 'text', config: data, request: data }, functions).text, error: undefined };
  } catch (error) {
    return { text: '', error: problemsOf(error).map(formatProblem).join('\n') };
  }
}

const prototypes = [Object, Array, Function, String, Number, Map, Set, Promise, RegExp, Error].map(
  ({ prototype }) => prototype as object,
);
const before = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);

/** What gave way, in words; nothing when the sandbox held. */
export function breaches({ text, error = '' }: Attempt): string[] {
  const said = `${text}\n${error}`;
  const found: string[] = [];
  if ('pwned' in globalThis) found.push('code ran');
  if (said.includes(canary)) found.push('a secret was read');
  if (/root:[^\n]*:0:0:/.test(said)) found.push('/etc/passwd was read');
  if (/\[native code\]|\[object |function \w*\(|=> \{|__subclasses__ at|<class '/.test(text))
    found.push("something of the interpreter's was printed");
  if (prototypes.some((prototype, index) => Reflect.ownKeys(prototype).length !== before[index]))
    found.push('a prototype was changed');
  if (Reflect.get({}, 'polluted') !== undefined) found.push('Object.prototype was changed');
  // Not an escape by itself, but nobody meant it.
  const internal =
    /is not defined|is not a function|is not iterable|Cannot (?:read|set|convert)|of undefined|Maximum call/;
  if (internal.test(error)) found.push(`an error of JavaScript: ${error}`);
  return found;
}
