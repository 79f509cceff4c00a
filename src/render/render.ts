/** Renders the images of a repository: gathers what they are made of, and decides what is to be done with each. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../git/index.ts';
import type { Config, ImageSettings } from '../images/config.ts';
import { type HeldRecord, inputPaths, type RenderedImage, type RenderRecord, type RunRef } from '../images/index.ts';
import type { Registry } from '../registry/types.ts';
import { both, collect, limited } from './collect.ts';
import { judgeImage, type Prepared, resolveForeign } from './judge.ts';
import { upstreamsFirst } from './order.ts';
import { type RenderedTemplates, renderTemplates, writeImage } from './prepare.ts';
import { findCommitOnce } from './sources.ts';
import { resolveOnce } from './upstreams.ts';

export interface RenderOptions {
  readonly config: Config;
  /** The images to render; the others of `config` count as other repositories' images. */
  readonly images: readonly ImageSettings[];
  /** Folder of the checked out repository. */
  readonly workspace: string;
  /** Folder of the run; `images/` in it is written anew. */
  readonly folder: string;
  readonly event: Omit<RunRef, 'committed'>;
  readonly git: Git;
  readonly registry: Registry;
  /** Build what is built already. */
  readonly force?: boolean;
  /** Which images wait for others whose turn comes first. */
  readonly held?: HeldRecord;
}

/** @throws ProblemsError with the problems of all images */
export async function renderImages(options: RenderOptions): Promise<RenderRecord> {
  const { config, images, workspace, event, git } = options;
  const head = git.head([...new Set(images.flatMap((image) => inputPaths(config, image)))]);
  // Whoever waits for it hears of its errors.
  head.catch(() => {});
  rmSync(join(options.folder, 'images'), { recursive: true, force: true });
  const rendered = inOrder(await renderTemplates(config, images, workspace, event.defaultBranch));
  const resolve = resolveOnce(options.registry);
  const findCommit = findCommitOnce(git);
  // The registry is asked while files are copied.
  const [foreign, written] = await both(
    () => collect(rendered, (one) => resolveForeign(one, config, event, resolve)),
    () => collect(rendered, (one) => writeImage(one, options, head, findCommit)),
  );
  const { revision, committed } = await head;
  // What is checked out is what is built, even where the event was about another commit.
  const ref: RunRef = { ...event, revision, committed };
  const prepared = rendered.map(
    (one, index): Prepared => ({ ...one, written: at(written, index), foreign: at(foreign, index) }),
  );
  const judgeOptions = {
    ...options,
    ref,
    resolve,
    force: options.force ?? false,
    held: options.held ?? { images: [] },
  };
  const judging = new Map<string, Promise<RenderedImage>>();
  const judge = async (one: Prepared): Promise<RenderedImage> => {
    const judged = new Map<string, RenderedImage>();
    for (const name of one.siblings.values()) {
      const sibling = await judging.get(name);
      if (sibling !== undefined) judged.set(name, sibling);
    }
    return judgeImage(one, judged, judgeOptions);
  };
  // Upstreams come first, so none waits for one whose turn has not come.
  const inTurn = limited(judgedAtOnce);
  const judged = await collect(prepared, (one) => {
    const outcome = inTurn(() => judge(one));
    judging.set(one.image.name, outcome);
    return outcome;
  });
  const { registry, namespace, copies } = config;
  return { ref, registry, namespace, copies, images: judged };
}

/** Each may ask the registry something. */
const judgedAtOnce = 16;

/** Upstreams first. */
function inOrder(rendered: readonly RenderedTemplates[]): RenderedTemplates[] {
  const order = upstreamsFirst(
    rendered.map(({ image: { name, template }, siblings }) => ({
      name,
      place: { file: template, line: 1 },
      upstreams: [...siblings.values()],
    })),
  );
  return order.flatMap((name) => rendered.filter(({ image }) => image.name === name));
}

/** Of lists with one entry for each image. */
function at<T>(list: readonly T[], index: number): T {
  const [entry] = list.slice(index, index + 1);
  if (entry === undefined) throw new Error('there is one entry for each image');
  return entry;
}
