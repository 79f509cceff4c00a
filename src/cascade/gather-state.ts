/** What the registry and git say about a part of a fleet. */
import { inputTagOf, nameOfUpstream, sourceName } from '../fleet/index.ts';
import type { FleetImage, FleetState, UpstreamName } from '../fleet/types.ts';
import { branchCommits, type GitHub } from '../github/index.ts';
import type { Digest } from '../images/records.ts';
import { parseReference, type Reference, repositoryOf } from '../images/reference.ts';
import { formatProblem, type Problem, ProblemsError, problemsOf } from '../problems.ts';
import type { Registry, ResolvedImage } from '../registry/types.ts';
import type { Facts } from './facts.ts';

export interface GatheredState {
  readonly state: FleetState;
  readonly problems: readonly Problem[];
}

export interface StateSources {
  readonly registry: Registry;
  readonly github: GitHub;
  readonly facts: Facts;
}

type SourceUpstream = Extract<UpstreamName, { kind: 'source' }>;

/**
 * Reads the published digests of the images and of what they build on, the tags of their input keys, and the heads of
 * their sources. What can't be read is said in the state, image by image. The registry client bounds what goes on at
 * the same time.
 *
 * An image costs two requests, an upstream outside of the fleet one; each digest that was never seen before, one more
 * (two where it is no index), unless the image was never asked for before.
 */
export async function gatherState(
  images: readonly FleetImage[],
  { registry, github, facts }: StateSources,
): Promise<GatheredState> {
  const published = new Map<string, string>();
  const platforms = new Map<string, Readonly<Record<string, string>>>();
  const inputTags = new Map<string, string>();
  const unreadable = new Map<string, string>();
  const problems = new Map<string, Problem>();
  const failed = (name: string, error: unknown): void => {
    const [problem = { message: String(error) }] = problemsOf(error);
    unreadable.set(name, problem.message);
    // A registry that is down is one problem, not one for each image in it.
    problems.set(formatProblem(problem), problem);
  };

  const own = new Set(images.flatMap(({ reference, aliases = [] }) => [reference, ...aliases]));
  const upstreams = images.flatMap((image) => image.upstreams);
  const references = new Set([
    ...images.map(({ reference }) => reference),
    ...upstreams.flatMap((name) => (name.kind === 'image' ? [name.reference] : [])),
  ]);
  const readImage = async (reference: string): Promise<void> => {
    const found = await resolve(registry, facts, reference, own.has(reference));
    if (found === undefined) return;
    platforms.set(reference, found.platforms);
    published.set(reference, found.digest);
  };
  const [commits] = await Promise.all([
    readSources(upstreams, github, failed),
    ...[...references].map((reference) => readImage(reference).catch((error: unknown) => failed(reference, error))),
  ]);

  const state = { published, platforms, inputTags, commits, unreadable, failed: new Set<string>() };
  const readInputTag = async (image: FleetImage): Promise<void> => {
    const tag = published.has(image.reference) ? inputTagOf(image, state) : undefined;
    if (tag === undefined) return;
    const colon = tag.lastIndexOf(':');
    const found = await registry.head(tag.slice(0, colon), tag.slice(colon + 1));
    if (found !== undefined) inputTags.set(tag, found.digest);
  };
  await Promise.all(
    images.map((image) => readInputTag(image).catch((error: unknown) => failed(image.reference, error))),
  );
  return { state, problems: [...problems.values()] };
}

type Found = Pick<ResolvedImage, 'digest' | 'platforms'>;

/** @param own whether the fleet publishes it: such a registry does not ration what is read */
async function resolve(registry: Registry, facts: Facts, reference: string, own: boolean): Promise<Found | undefined> {
  const parsed = parseReference(reference);
  const found = await resolveParsed(registry, facts, reference, parsed, own);
  if (found === undefined) return undefined;
  if (parsed.digest === undefined) facts.keepLastDigest(reference, found.digest);
  if (facts.findDigest(found.digest) === undefined) facts.keepDigest(found.digest, { platforms: found.platforms });
  return found;
}

async function resolveParsed(
  registry: Registry,
  facts: Facts,
  reference: string,
  parsed: Reference,
  own: boolean,
): Promise<Found | undefined> {
  const repository = repositoryOf(parsed);
  const { digest: pinned, tag = 'latest' } = parsed;
  const byDigest = async (digest: Digest): Promise<Found | undefined> => {
    const known = facts.findDigest(digest);
    return known === undefined ? registry.resolve(repository, digest) : { digest, platforms: known.platforms };
  };
  if (pinned !== undefined) return byDigest(pinned);
  // What was never seen has to be fetched anyway.
  if (own && facts.lastDigest(reference) === undefined) return registry.resolve(repository, tag, { direct: true });
  const head = await registry.head(repository, tag);
  return head === undefined ? undefined : byDigest(head.digest);
}

async function readSources(
  upstreams: readonly UpstreamName[],
  github: GitHub,
  failed: (name: string, error: unknown) => void,
): Promise<Map<string, string>> {
  const sources = new Map<string, SourceUpstream>();
  for (const upstream of upstreams) if (upstream.kind === 'source') sources.set(nameOfUpstream(upstream), upstream);
  const commits = new Map<string, string>();
  if (sources.size === 0) return commits;
  const list = [...sources.values()];
  const found = await branchCommits(github, list);
  for (const [index, { repository, ref }] of list.entries()) {
    const answer = found[index];
    if (answer?.problem !== undefined) failed(sourceName(repository, ref), new ProblemsError([answer.problem]));
    else if (answer?.commit !== undefined) commits.set(sourceName(repository, ref), answer.commit);
  }
  return commits;
}
