/** What of an image is known without asking anybody: its Dockerfile, its build context, and what goes into its keys. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Git, Head } from '../git/index.ts';
import { sha256Hex } from '../hash.ts';
import type { Config, ImageSettings } from '../images/config.ts';
import {
  hashContext,
  inputPaths,
  type KeyMaterial,
  mainTags,
  type RenderedImage,
  type SourceUpstream,
} from '../images/index.ts';
import { canonicalReference } from '../images/reference.ts';
import { fail } from '../problems.ts';
import { diskLoader } from '../templates/index.ts';
import { both, collect } from './collect.ts';
import { ignoredPaths, type RenderedFile, renderFiles, writeContext } from './context.ts';
import { imageRenderer, openTemplates, type RenderedDockerfile, renderDockerfile } from './render-dockerfile.ts';
import { type FindCommit, fetchSources } from './sources.ts';

export interface RenderedTemplates {
  readonly image: ImageSettings;
  readonly dockerfile: RenderedDockerfile;
  /** Other files that templates make. */
  readonly files: readonly RenderedFile[];
  /** Upstreams among the images of the run, by reference: they are what this run makes of them. */
  readonly siblings: ReadonlyMap<string, string>;
}

/** @throws ProblemsError with the problems of all templates of all images */
export function renderTemplates(
  config: Config,
  images: readonly ImageSettings[],
  workspace: string,
  defaultBranch: string,
): Promise<RenderedTemplates[]> {
  const templates = openTemplates(config, diskLoader(workspace));
  const names = namesByReference(images, defaultBranch);
  return collect(images, async (image) => {
    const render = imageRenderer(config, image, templates, defaultBranch);
    const [dockerfile, files] = await both(
      () => renderDockerfile(config, image, templates, render),
      () => renderFiles(workspace, image, render),
    );
    return { image, dockerfile, files, siblings: siblingsOf(dockerfile, names) };
  });
}

/** The images of a run by all references that mean them. */
function namesByReference(images: readonly ImageSettings[], defaultBranch: string): Map<string, string> {
  return new Map(
    images.flatMap(({ name, repository, tags }) =>
      mainTags(tags, defaultBranch).map((tag): [string, string] => [canonicalReference(`${repository}:${tag}`), name]),
    ),
  );
}

function siblingsOf({ upstreams }: RenderedDockerfile, names: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    upstreams.flatMap(({ reference }) => {
      const name = names.get(reference);
      return name === undefined ? [] : [[reference, name]];
    }),
  );
}

export interface WrittenImage {
  /** Absolute paths. */
  readonly dockerfile: string;
  readonly context: string;
  readonly sources: readonly SourceUpstream[];
  /** As in the record; absent without tests. */
  readonly tests?: Pick<RenderedImage, 'tests' | 'testFolder'>;
  readonly material: KeyMaterial;
}

/**
 * Writes an image's Dockerfile and build context.
 * @param folder of the run; the image gets `images/<name>/` in it
 * @throws ProblemsError
 */
export async function writeImage(
  { image, dockerfile: { text }, files }: RenderedTemplates,
  { config, workspace, folder, git }: { config: Config; workspace: string; folder: string; git: Git },
  head: Promise<Head>,
  findCommit: FindCommit,
): Promise<WrittenImage> {
  const own = join(folder, 'images', image.name);
  const context = join(own, 'context');
  const dockerfile = join(own, 'Dockerfile');
  mkdirSync(own, { recursive: true });
  mkdirSync(context);
  writeFileSync(dockerfile, text);
  copyIgnoreFile(join(workspace, image.folder), own);
  const [, tests] = await both(
    () => writeContext(workspace, image, files, context),
    () => findTests(workspace, image),
  );
  const sources = await fetchSources(image, context, git, findCommit);
  const hash = await hashContext(context, ignoredPaths(dockerfile, context));
  const { objects } = await head;
  const present = inputPaths(config, image).flatMap((path) =>
    objects[path] === undefined ? [] : [[path, objects[path]]],
  );
  return {
    dockerfile,
    context,
    sources,
    ...(tests === undefined ? {} : { tests: tests.paths }),
    material: {
      input: { objects: Object.fromEntries(present) },
      build: {
        dockerfile: sha256Hex(text),
        context: hash,
        ...(image.target === undefined ? {} : { target: image.target }),
        buildArgs: image.buildArgs,
        platforms: image.platforms,
      },
      ...(tests === undefined ? {} : { tests: tests.hash }),
    },
  };
}

/** The test file of an image, and a hash of it, or of everything in the folder that holds it. */
async function findTests(
  workspace: string,
  { name, tests, place }: ImageSettings,
): Promise<{ paths: Pick<RenderedImage, 'tests' | 'testFolder'>; hash: string } | undefined> {
  if (tests === undefined) return undefined;
  const path = join(workspace, tests);
  try {
    if (!statSync(path).isDirectory()) return { paths: { tests }, hash: sha256Hex(readFileSync(path)) };
    const file = testFileNames.map((one) => posix.join(tests, one)).find((one) => existsSync(join(workspace, one)));
    if (file !== undefined) return { paths: { tests: file, testFolder: tests }, hash: await hashContext(path) };
  } catch (cause) {
    return fail(`test file ${tests} of image '${name}' can't be read`, {
      hint: "create it, or correct 'tests'",
      place,
      cause,
    });
  }
  return fail(`the folder ${tests} with the tests of image '${name}' has no ${testFileNames.join(' or ')}`, {
    hint: `create ${posix.join(tests, testFileNames[0])}, or name a test file under 'tests'`,
    place,
  });
}

/** Where `tests` names a folder: the first of these that is in it. */
const testFileNames = ['tests.yaml', 'goss.yaml'] as const;

/** BuildKit looks for it next to the Dockerfile: https://docs.docker.com/build/concepts/context/#filename-and-location */
function copyIgnoreFile(from: string, to: string): void {
  const name = 'Dockerfile.dockerignore';
  if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
}
