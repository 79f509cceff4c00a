/** A Dockerfile against the rules, in a build context of three files. */

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

export interface Settings {
  readonly options?: Partial<RuleOptions>;
  readonly image?: Partial<RuleContext['image']>;
  readonly example?: Rule['example'];
  /** The only rules that are on, besides `parse`. */
  readonly only?: readonly string[];
  readonly templateLine?: RuleContext['templateLine'];
}

const files: Tree = {
  kind: (path) =>
    ['.', 'src'].includes(path) ? 'folder' : ['app.conf', 'app.tar.gz', 'src/a.py'].includes(path) ? 'file' : undefined,
  names: (folder) => (folder === '.' ? ['app.conf', 'app.tar.gz', 'src'] : ['a.py']),
};

export function check(text: string, settings: Settings = {}): readonly Finding[] {
  const { options, image, only, example = {}, templateLine = () => undefined } = settings;
  const { '.dockerignore': ignore = '', ...named } = example.files ?? {};
  const off = rules.filter(({ id }) => id !== 'parse' && only !== undefined && !only.includes(id));
  const severities = Object.fromEntries(off.map(({ id }) => [id, 'off' as const]));
  return checkDockerfile({
    dockerfile: parseDockerfile(text),
    image: { name: 'web', buildArgs: example.buildArgs ?? {}, platforms: ['linux/amd64'], ...image },
    files: createContextFiles(
      { ...files, kind: (path) => (path in named ? 'file' : files.kind(path)) },
      parseIgnoreFile(ignore),
    ),
    options: {
      ...noOptions,
      ...example.options,
      ...options,
      severities: { ...severities, ...example.options?.severities, ...options?.severities },
    },
    fleet: { namespace: 'ghcr.io/acme', copies: ['quay.io/acme'] },
    isFleetReference: (reference) => reference.startsWith('ghcr.io/acme/'),
    baseConfig: (reference) => example.bases?.[reference] ?? { environment: {} },
    templateLine,
  });
}

/** `line:column message` of each finding. */
export function found(text: string, settings?: Settings): readonly string[] {
  return check(text, settings).map(({ line, column, message }) => `${line}:${column} ${message}`);
}
