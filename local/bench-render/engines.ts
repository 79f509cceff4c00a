/** The two that are compared, each with its templates compiled. */
import { spawn } from 'node:child_process';
import { posix } from 'node:path';
import { createInterface } from 'node:readline';
import { createRenderer, diskLoader, openStore } from '../../src/templates/index.ts';
import { onExit } from '../processes/index.ts';
import { type Image, sharedFolder } from './tree.ts';

export interface Engine {
  readonly name: string;
  texts(): Promise<readonly string[]>;
  /** Milliseconds of rendering all images once. */
  round(): Promise<number>;
}

/** As the action renders: a renderer an image, on templates that all share. */
export function ownEngine(name: string, root: string, images: readonly Image[], sources: boolean): Engine {
  const store = openStore(diskLoader(root));
  const renderers = images.map(({ template, variables }) => {
    const render = createRenderer(store, { folders: [posix.dirname(template), sharedFolder] });
    return (): string => render(template, variables, {}, { sources }).text;
  });
  const renderAll = (): string[] =>
    renderers.map((render) => {
      const text = render();
      // JavaScript puts a text together when it is read first.
      text.charCodeAt(text.length - 1);
      return text;
    });
  return {
    name,
    texts: async () => renderAll(),
    round: async () => {
      const began = performance.now();
      renderAll();
      return performance.now() - began;
    },
  };
}

/** @throws where Python has no jinja2 */
export async function jinja2Engine(script: string, root: string, images: readonly Image[]): Promise<Engine> {
  // Debian's own before others on the PATH.
  const child = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  onExit(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("Python ended; is Debian's python3-jinja2 installed?");
    return JSON.parse(value) as T;
  };
  const ask = <T>(line: string): Promise<T> => {
    child.stdin.write(`${line}\n`);
    return next<T>();
  };
  const { version, python } = await ask<{ version: string; python: string }>(
    JSON.stringify({ root, shared: sharedFolder, images }),
  );
  return {
    name: `Jinja2 ${version} on Python ${python}`,
    texts: () => ask<string[]>('texts'),
    round: () => ask<number>('round'),
  };
}
