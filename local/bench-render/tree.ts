/** A repository of 300 images: the families of Dockerfile templates beside this file, each in 30 variations. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Image {
  readonly name: string;
  /** Path in the repository. */
  readonly template: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Folder of the templates that others import, include and extend. */
export const sharedFolder = 'docker/_shared';

const variations = 30;
const teams = ['billing', 'catalogue', 'identity', 'logistics', 'search'];
const packages = [
  'libpq5',
  'libxml2',
  'libyaml-0-2',
  'openssl',
  'tzdata',
  'unzip',
  'xz-utils',
  'zlib1g',
  'jq',
  'gnupg',
];

/**
 * @param source folder with `families/` and `shared/`
 * @param base what the images are built on
 */
export async function writeTree(root: string, source: string, base: string): Promise<Image[]> {
  await mkdir(join(root, sharedFolder), { recursive: true });
  for (const file of await readdir(join(source, 'shared')))
    await writeFile(join(root, sharedFolder, file), await readFile(join(source, 'shared', file), 'utf8'));
  const images: Image[] = [];
  for (const file of (await readdir(join(source, 'families'))).sort()) {
    const family = await readFile(join(source, 'families', file), 'utf8');
    for (let number = 0; number < variations; number++) {
      const name = `${file.replace('.j2', '')}-${number}`;
      const template = `docker/${name}/Dockerfile.j2`;
      await mkdir(join(root, 'docker', name), { recursive: true });
      await writeFile(join(root, template), vary(family, name, number));
      images.push({ name, template, variables: variablesOf(base, number) });
    }
  }
  return images;
}

function vary(family: string, name: string, number: number): string {
  const own = Array.from({ length: 1 + (number % 5) }, (_, index) => packages[(number + 3 * index) % packages.length]);
  const words: Readonly<Record<string, string>> = {
    name,
    number: String(number),
    team: teams[number % teams.length] ?? '',
    packages: `[${own.map((word) => `'${word}'`).join(', ')}]`,
  };
  return family.replace(/@@(\w+)@@/g, (whole, word: string) => words[word] ?? whole);
}

/** Those of all images, as images.yaml has them. */
export function sharedVariables(): Record<string, unknown> {
  return {
    maintainer: 'images@acme.example',
    version: '1.42.0',
    architecture: 'x86_64',
    distribution: 'debian',
    include_footer: '# built by acme',
    proxy: 'http://proxy.acme.example:3128',
  };
}

function variablesOf(base: string, number: number): Record<string, unknown> {
  return { ...sharedVariables(), base_image: base, debug: number % 3 === 0, run_tests: number % 2 === 0 };
}
