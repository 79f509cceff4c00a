/** What is to be done with each image of a run, by what its upstreams are now. */
import type { Config } from '../images/config.ts';
import {
  branchTag,
  type HeldRecord,
  keysOf,
  mainTag,
  mainTags,
  memoryTags,
  type RenderedImage,
  type RunRef,
  tagsFor,
  type Upstream,
} from '../images/index.ts';
import { canonicalReference, parseReference, repositoryOf } from '../images/reference.ts';
import type { Registry, ResolvedImage } from '../registry/types.ts';
import { collect } from './collect.ts';
import { decide } from './decide.ts';
import type { RenderedTemplates, WrittenImage } from './prepare.ts';
import type { WrittenUpstream } from './render-dockerfile.ts';
import { isFleetReference, type Resolve, resolveUpstream, statesOf } from './upstreams.ts';

type Event = Pick<RunRef, 'type' | 'name' | 'defaultBranch' | 'isDefaultBranch'>;

export interface Prepared extends RenderedTemplates {
  readonly written: WrittenImage;
  readonly foreign: Foreign;
}

export interface JudgeOptions {
  readonly config: Config;
  readonly ref: RunRef;
  readonly registry: Pick<Registry, 'head'>;
  readonly resolve: Resolve;
  readonly force: boolean;
  readonly held: HeldRecord;
}

/** What upstreams outside of the run point at, by reference. */
export type Foreign = ReadonlyMap<string, ResolvedImage | undefined>;

/** @throws ProblemsError with the template's line */
export async function resolveForeign(
  { dockerfile: { upstreams }, siblings }: RenderedTemplates,
  config: Config,
  event: Event,
  resolve: Resolve,
): Promise<Foreign> {
  const outside = upstreams.filter(({ reference }) => !siblings.has(reference));
  const entries = await collect(outside, async (upstream): Promise<[string, ResolvedImage | undefined]> => {
    const fleet = isFleetReference(config, upstream.reference);
    return [upstream.reference, await resolveUpstream(upstream, fleet, resolve, preferredTag(upstream, config, event))];
  });
  return new Map(entries);
}

/** On a branch, the branch's own build of an image of the same repository that this run leaves alone. */
function preferredTag({ reference }: WrittenUpstream, config: Config, ref: Event): string | undefined {
  if (ref.type !== 'branch' || ref.isDefaultBranch) return undefined;
  const own = config.images.find(
    ({ repository, tags }) => canonicalReference(`${repository}:${mainTag(tags, ref.defaultBranch)}`) === reference,
  );
  return own === undefined ? undefined : branchTag(ref.name, mainTags(own.tags, ref.defaultBranch));
}

/**
 * Puts together what is known of an image.
 * @param judged its upstreams among the images of the run
 * @throws ProblemsError
 */
export async function judgeImage(
  one: Prepared,
  judged: ReadonlyMap<string, RenderedImage>,
  options: JudgeOptions,
): Promise<RenderedImage> {
  const { config, ref, registry, resolve, force, held } = options;
  const { image, written } = one;
  const { material } = written;
  const { templateLines, upstreams: references } = one.dockerfile;
  const upstreams: Upstream[] = await collect(references, async (upstream): Promise<Upstream> => {
    const { written: text, reference } = upstream;
    const sibling = judged.get(one.siblings.get(reference) ?? '');
    let found = one.foreign.get(reference);
    if (sibling !== undefined && held.lastGood?.includes(sibling.name))
      found = await resolvePublished(sibling, resolve);
    else if (sibling !== undefined) {
      if (sibling.digest === undefined) return { kind: 'pending', written: text, reference, image: sibling.name };
      found = await resolve(sibling.repository, sibling.digest);
    }
    if (found === undefined) return { kind: 'missing', written: text, reference };
    return {
      kind: 'image',
      written: text,
      reference,
      digest: found.digest,
      platforms: statesOf(upstream, found, image.platforms),
      fleet: isFleetReference(config, reference),
    };
  });
  upstreams.push(...written.sources);
  const keys = keysOf(material, upstreams);
  const waiting = [...one.siblings.values()].find(
    (name) => judged.get(name)?.waiting === true && !held.lastGood?.includes(name),
  );
  const reason = held.images.find(({ name }) => name === image.name)?.reason;
  const isHeld = reason !== undefined && (ref.event !== 'push' || (await isOnlyBehind(one, judged, options)));
  const verdict = await decide(
    {
      repository: image.repository,
      keys,
      upstreams,
      hasTests: image.tests !== undefined,
      force,
      waitingFor: isHeld ? reason : waiting === undefined ? undefined : `its upstream ${waiting} is waiting`,
    },
    registry,
  );
  return {
    name: image.name,
    repository: image.repository,
    tags: tagsFor(image.tags, ref),
    mainReference: `${image.repository}:${mainTag(image.tags, ref.defaultBranch)}`,
    template: image.template,
    templateLines,
    dockerfile: written.dockerfile,
    context: written.context,
    ...(image.target === undefined ? {} : { target: image.target }),
    buildArgs: image.buildArgs,
    platforms: image.platforms,
    ...written.tests,
    upstreams,
    material,
    ...(keys === undefined ? {} : { keys }),
    ...verdict,
  };
}

/**
 * Whether an image was built from what it is made of now, on what is published now: then it is not what the commit
 * changed, and only has to follow its upstreams. Somebody waits for what the commit did change.
 */
async function isOnlyBehind(
  { image, written, dockerfile, siblings, foreign }: Prepared,
  judged: ReadonlyMap<string, RenderedImage>,
  { registry, resolve, config }: JudgeOptions,
): Promise<boolean> {
  const upstreams = await collect(dockerfile.upstreams, async (upstream): Promise<Upstream> => {
    const { written: text, reference } = upstream;
    const sibling = judged.get(siblings.get(reference) ?? '');
    const found = sibling === undefined ? foreign.get(reference) : await resolvePublished(sibling, resolve);
    if (found === undefined) return { kind: 'missing', written: text, reference };
    const platforms = statesOf(upstream, found, image.platforms);
    const fleet = isFleetReference(config, reference);
    return { kind: 'image', written: text, reference, digest: found.digest, platforms, fleet };
  });
  const keys = keysOf(written.material, [...upstreams, ...written.sources]);
  return keys !== undefined && (await registry.head(image.repository, memoryTags.build(keys.build))) !== undefined;
}

function resolvePublished({ mainReference }: RenderedImage, resolve: Resolve): Promise<ResolvedImage | undefined> {
  const reference = parseReference(mainReference);
  return resolve(repositoryOf(reference), reference.tag ?? 'latest');
}
