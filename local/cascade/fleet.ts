/**
 * The fleet of the cases: two roots, a diamond, and a repository with an image on each.
 *
 *     base-a ← left, right ← both ← mixed-late
 *     base-b ← mixed-early
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../processes/index.ts';

export const topic = 'images';

/** Repositories from the top of the graph to its bottom: the worst order to make them in. */
export const repositories = ['mixed', 'both', 'left', 'right', 'base-a', 'base-b'] as const;
/** Where the whole fleet is looked at from. */
export const lookout = 'fleet';

export const images = ['base-a', 'base-b', 'left', 'right', 'both', 'mixed-early', 'mixed-late'] as const;

const configuration = `registry: ghcr.io
namespace: acme
vars:
  base: debian:bookworm-slim
  content: '0'
`;

/** Builds in no time, and differs by the variable `content`. */
const dockerfile = (name: string, from: string, more = ''): string =>
  `FROM ${from}\nRUN echo '{{ content }}' > /${name}\n${more}`;
const onFleet = (name: string): string => `{{ image_spec("${name}") }}`;
const tests = (name: string): string => `checks:\n  - file: { path: /${name}, exists: true }\n`;

const templates: Readonly<Record<(typeof repositories)[number], Readonly<Record<string, string>>>> = {
  'base-a': { 'base-a': dockerfile('base-a', '{{ base }}') },
  'base-b': { 'base-b': dockerfile('base-b', '{{ base }}') },
  left: { left: dockerfile('left', onFleet('base-a')) },
  right: { right: dockerfile('right', onFleet('base-a')) },
  both: { both: dockerfile('both', onFleet('left'), `COPY --from=${onFleet('right')} /right /right\n`) },
  mixed: {
    'mixed-early': dockerfile('mixed-early', onFleet('base-b')),
    'mixed-late': dockerfile('mixed-late', onFleet('both')),
  },
};

/** Files of an image repository by path; its workflow is the one that the examples show. */
export async function filesOf(repository: (typeof repositories)[number]): Promise<Record<string, string>> {
  const files: Record<string, string> = {
    'images.yaml': configuration,
    '.github/workflows/images.yml': await example('fleet/debian-base/.github/workflows/images.yml'),
  };
  for (const [image, text] of Object.entries(templates[repository])) {
    files[`docker/${image}/Dockerfile.j2`] = text;
    files[`docker/${image}/tests.yaml`] = tests(image);
  }
  return files;
}

/** The example's caller of the reusable workflow, which logs in nowhere here. */
export async function lookoutFiles(): Promise<Record<string, string>> {
  const text = await example('cascade.yml');
  return {
    '.github/workflows/cascade.yml': text
      .replace(/^ *registry: .*\n/m, '')
      .replace('FLEET_TOKEN }', 'IMAGE_CASCADE_TOKEN }'),
  };
}

function example(path: string): Promise<string> {
  return readFile(join(projectRoot(), 'examples', path), 'utf8');
}
