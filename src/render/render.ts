/** Renders the images of a repository: gathers what they are made of, and decides what is to be done with each. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git/index.ts';
import type { Config, ImageSettings } from '../images/config.ts';
import {
  branchTag,
  hashContext,
  inputPaths,
  type KeyMaterial,
  keysOf,
  mainTag,
  mainTags,
  type RenderedImage,
  type RenderRecord,
  type RunRef,
  type SourceUpstream,
  tagsFor,
  type Upstream,
} from '../images/index.ts';
import { canonicalReference } from '../images/reference.ts';
import { fail } from '../problems.ts';
import type { Registry, ResolvedImage } from '../registry/types.ts';
import { diskLoader } from '../templates/index.ts';
import { both, collect } from './collect.ts';
import { ignoredPaths, renderFiles, writeContext } from './context.ts';
import { decide } from './decide.ts';
import { upstreamsFirst } from './order.ts';
import { imageRenderer, type RenderedDockerfile, renderDockerfile, type WrittenUpstream } from './render-dockerfile.ts';
import { fetchSources, findCommitOnce } from './sources.ts';
import { isFleetReference, type Resolve, resolveOnce, resolveUpstream, statesOf } from './upstreams.ts';

export interface RenderOptions {
  readonly config: Config;
  /** The images to render; the others of `config` count as other repositories' images. */
  readonly images: readonly ImageSettings[];
  /** Folder of the checked out repository. */
  readonly workspace: string;
  /** Folder of the run; `images/` in it is written anew. */
  readonly folder: string;
  readonly ref: RunRef;
  readonly git: Git;
  readonly registry: Registry;
  /** Build what is built already. */
  readonly force?: boolean;
}

/** What rendering alone tells of an image. */
interface Prepared {
  readonly image: ImageSettings;
  readonly upstreams: readonly WrittenUpstream[];
  /** Template line of each line of the Dockerfile. */
  readonly lines?: readonly number[];
  readonly dockerfile: string;
  readonly context: string;
  readonly sources: readonly SourceUpstream[];
  readonly material: KeyMaterial;
  /** Upstreams among the images of the run, by reference. */
  readonly siblings: ReadonlyMap<string, string>;
}

/** @throws ProblemsError with the problems of all images */
export async function renderImages(options: RenderOptions): Promise<RenderRecord> {
  const { config, ref } = options;
  const objects = options.git.objects(ref.revision, [
    ...new Set(options.images.flatMap((image) => inputPaths(config, image))),
  ]);
  // Whoever waits for it hears of its errors.
  objects.catch(() => {});
  await rm(join(options.folder, 'images'), { recursive: true, force: true });
  const prepared = await prepareAll(options, objects);
  const images = await judgeAll(prepared, options);
  return { ref, registry: config.registry, namespace: config.namespace, copies: config.copies, images };
}

/** Upstreams first. */
async function prepareAll(options: RenderOptions, objects: Promise<Record<string, string>>): Promise<Prepared[]> {
  const { config, images, workspace, ref } = options;
  const loader = diskLoader(workspace);
  const rendered = await collect(images, async (image) => {
    const render = imageRenderer(config, image, loader, ref.defaultBranch);
    const [dockerfile, files] = await both(
      () => renderDockerfile(image, loader, render),
      () => renderFiles(workspace, image, render),
    );
    return { image, dockerfile, files, siblings: siblingsOf(dockerfile, options) };
  });
  const order = upstreamsFirst(
    rendered.map(({ image: { name, template }, siblings }) => ({
      name,
      place: { file: template, line: 1 },
      upstreams: [...siblings.values()],
    })),
  );
  const findCommit = findCommitOnce(options.git);
  const prepared = await collect(
    rendered,
    async ({ image, dockerfile: { text, lines, upstreams }, files, siblings }) => {
      const folder = join(options.folder, 'images', image.name);
      const context = join(folder, 'context');
      const dockerfile = join(folder, 'Dockerfile');
      await mkdir(context, { recursive: true });
      await writeFile(dockerfile, text);
      copyIgnoreFile(join(workspace, image.folder), folder);
      const [, tests] = await both(
        () => writeContext(workspace, image, files, context),
        () => hashTests(workspace, image),
      );
      const sources = await fetchSources(image, context, options.git, findCommit);
      const paths = inputPaths(config, image);
      const all = await objects;
      const material: KeyMaterial = {
        input: {
          objects: Object.fromEntries(paths.flatMap((path) => (all[path] === undefined ? [] : [[path, all[path]]]))),
        },
        build: {
          dockerfile: sha256(text),
          context: await hashContext(context, ignoredPaths(dockerfile, context)),
          ...(image.target === undefined ? {} : { target: image.target }),
          buildArgs: image.buildArgs,
          platforms: image.platforms,
        },
        ...(tests === undefined ? {} : { tests }),
      };
      return {
        image,
        upstreams,
        ...(lines === undefined ? {} : { lines }),
        dockerfile,
        context,
        sources,
        material,
        siblings,
      };
    },
  );
  return order.flatMap((name) => prepared.filter(({ image }) => image.name === name));
}

/** References of images of this run: they are what this run makes of them, whatever is published. */
function siblingsOf({ upstreams }: RenderedDockerfile, { images, ref }: RenderOptions): Map<string, string> {
  const names = new Map(
    images.flatMap(({ name, repository, tags }) =>
      mainTags(tags, ref.defaultBranch).map((tag) => [canonicalReference(`${repository}:${tag}`), name]),
    ),
  );
  return new Map(
    upstreams.flatMap(({ reference }) => {
      const name = names.get(reference);
      return name === undefined ? [] : [[reference, name]];
    }),
  );
}

async function judgeAll(prepared: readonly Prepared[], options: RenderOptions): Promise<RenderedImage[]> {
  const resolve = resolveOnce(options.registry);
  const foreign = await collect(prepared, (one) => resolveForeign(one, options, resolve));
  const judged = new Map<string, RenderedImage>();
  for (const [index, one] of prepared.entries())
    judged.set(one.image.name, await judge(one, foreign[index] ?? new Map(), judged, options, resolve));
  return [...judged.values()];
}

type Resolved = ReadonlyMap<string, ResolvedImage | undefined>;

/** What the upstreams outside of the run point at, by reference. */
async function resolveForeign(
  { upstreams, siblings }: Prepared,
  { config, ref }: RenderOptions,
  resolve: Resolve,
): Promise<Resolved> {
  const outside = upstreams.filter(({ reference }) => !siblings.has(reference));
  const entries = await collect(outside, async (upstream): Promise<[string, ResolvedImage | undefined]> => {
    const fleet = isFleetReference(config, upstream.reference);
    return [upstream.reference, await resolveUpstream(upstream, fleet, resolve, preferredTag(upstream, config, ref))];
  });
  return new Map(entries);
}

/** On a branch, the branch's own build of an image of the same repository that this run leaves alone. */
function preferredTag({ reference }: WrittenUpstream, config: Config, ref: RunRef): string | undefined {
  if (ref.type !== 'branch' || ref.isDefaultBranch) return undefined;
  const own = config.images.find(
    ({ repository, tags }) => canonicalReference(`${repository}:${mainTag(tags, ref.defaultBranch)}`) === reference,
  );
  return own === undefined ? undefined : branchTag(ref.name, mainTags(own.tags, ref.defaultBranch));
}

async function judge(
  one: Prepared,
  foreign: Resolved,
  judged: ReadonlyMap<string, RenderedImage>,
  options: RenderOptions,
  resolve: Resolve,
): Promise<RenderedImage> {
  const { image, material } = one;
  const upstreams: Upstream[] = await collect(one.upstreams, async (upstream): Promise<Upstream> => {
    const { written, reference } = upstream;
    const sibling = judged.get(one.siblings.get(reference) ?? '');
    let found = foreign.get(reference);
    if (sibling !== undefined) {
      if (sibling.digest === undefined) return { kind: 'pending', written, reference, image: sibling.name };
      found = await resolve(sibling.repository, sibling.digest);
    }
    if (found === undefined) return { kind: 'missing', written, reference };
    return {
      kind: 'image',
      written,
      reference,
      digest: found.digest,
      platforms: statesOf(upstream, found, image.platforms),
      fleet: isFleetReference(options.config, reference),
    };
  });
  upstreams.push(...one.sources);
  const keys = keysOf(material, upstreams);
  const waiting = [...one.siblings.values()].find((name) => judged.get(name)?.waiting === true);
  const verdict = await decide(
    {
      repository: image.repository,
      keys,
      upstreams,
      hasTests: image.tests !== undefined,
      force: options.force ?? false,
      waitingFor: waiting === undefined ? undefined : `its upstream ${waiting} is waiting`,
    },
    options.registry,
  );
  return {
    name: image.name,
    repository: image.repository,
    tags: tagsFor(image.tags, options.ref),
    template: image.template,
    ...(one.lines === undefined ? {} : { templateLines: one.lines }),
    dockerfile: one.dockerfile,
    context: one.context,
    ...(image.target === undefined ? {} : { target: image.target }),
    buildArgs: image.buildArgs,
    platforms: image.platforms,
    ...(image.tests === undefined ? {} : { tests: image.tests }),
    upstreams,
    material,
    ...(keys === undefined ? {} : { keys }),
    ...verdict,
  };
}

async function hashTests(workspace: string, { name, tests, place }: ImageSettings): Promise<string | undefined> {
  if (tests === undefined) return undefined;
  try {
    return sha256(await readFile(join(workspace, tests)));
  } catch (cause) {
    return fail(`test file ${tests} of image '${name}' can't be read`, {
      hint: "create it, or correct 'tests'",
      place,
      cause,
    });
  }
}

/** BuildKit looks for it next to the Dockerfile: https://docs.docker.com/build/concepts/context/#filename-and-location */
function copyIgnoreFile(from: string, to: string): void {
  const name = 'Dockerfile.dockerignore';
  if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
