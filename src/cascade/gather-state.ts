/** What the registry and git say about a part of a fleet. */
import { inputTagOf, nameOfUpstream, sourceName } from '../fleet/index.ts';
import type { FleetImage, FleetState, UpstreamName } from '../fleet/types.ts';
import { branchCommits, type GitHub } from '../github/index.ts';
import { parseReference, repositoryOf } from '../images/reference.ts';
import { formatProblem, type Problem, ProblemsError, problemsOf } from '../problems.ts';
import type { Registry } from '../registry/types.ts';

export interface GatheredState {
  readonly state: FleetState;
  readonly problems: readonly Problem[];
}

type SourceUpstream = Extract<UpstreamName, { kind: 'source' }>;

/**
 * Reads the published digests of the images and of what they build on, the tags of their input keys, and the heads of
 * their sources. What can't be read is said in the state, image by image. The registry client bounds what goes on at
 * the same time.
 */
export async function gatherState(
  images: readonly FleetImage[],
  { registry, github }: { readonly registry: Registry; readonly github: GitHub },
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

  const inside = new Set(images.map(({ reference }) => reference));
  const upstreams = images.flatMap((image) => image.upstreams);
  const references = new Set([
    ...inside,
    ...upstreams.flatMap((name) => (name.kind === 'image' ? [name.reference] : [])),
  ]);
  const readImage = async (reference: string): Promise<void> => {
    const parsed = parseReference(reference);
    const found = await registry.resolve(repositoryOf(parsed), parsed.digest ?? parsed.tag ?? 'latest');
    if (found === undefined) return;
    platforms.set(reference, found.platforms);
    if (inside.has(reference)) published.set(reference, found.digest);
  };
  const [commits] = await Promise.all([
    readSources(upstreams, github, failed),
    ...[...references].map((reference) => readImage(reference).catch((error: unknown) => failed(reference, error))),
  ]);

  const state = { published, platforms, inputTags, commits, unreadable, failed: new Set<string>() };
  const readInputTag = async (image: FleetImage): Promise<void> => {
    const name = published.has(image.reference) ? inputTagOf(image, state) : undefined;
    if (name === undefined) return;
    const colon = name.lastIndexOf(':');
    const found = await registry.head(name.slice(0, colon), name.slice(colon + 1));
    if (found !== undefined) inputTags.set(name, found.digest);
  };
  await Promise.all(
    images.map((image) => readInputTag(image).catch((error: unknown) => failed(image.reference, error))),
  );
  return { state, problems: [...problems.values()] };
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
