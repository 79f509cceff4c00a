/** Freshness: whether what is published was made from what git and the registry hold now. */
import { inputKeyOf, type UpstreamState, type UpstreamText, upstreamText } from '../images/input-key.ts';
import { memoryTags } from '../images/keys.ts';
import { platformStates } from '../images/platform-states.ts';
import type { Digest, Platform } from '../images/records.ts';
import { type Graph, imageAt, nameOfUpstream, sourceName } from './graph.ts';
import type { FleetImage, FleetState, UpstreamName } from './types.ts';

/** An upstream that has no state, and why; the image can't be built on it. */
export interface Lack {
  readonly upstream: UpstreamName;
  readonly reason: string;
}

/** Whether an image is fresh, or why that can't be said. */
export type Judgement =
  | { readonly fresh: boolean; readonly lack?: never }
  | { readonly lack: Lack; readonly fresh?: never };

/** Judges the images of a graph, by position; what several of them ask for is worked out once. */
export function createJudge(graph: Graph, state: FleetState): (position: number) => Judgement {
  const { images, names } = graph;
  const platformsAt = createPlatforms(state, images.length + graph.otherPositions.length);
  const textOf = createTexts(state, platformsAt);
  return (position) => {
    const image = imageAt(graph, position);
    const published = platformsAt(position, image.reference);
    const inputs = inputsOf(image, published, textOf, names.values, names.starts[position]);
    if (inputs.lack !== undefined) return inputs;
    const digest = state.published.get(image.reference);
    // Nothing is hashed to learn what is known already.
    if (digest === undefined) return stale;
    return state.inputTags.get(inputTag(image, inputs.texts)) === digest ? fresh : stale;
  };
}

const fresh: Judgement = { fresh: true };
const stale: Judgement = { fresh: false };

/** The tag that says which digest belongs to an image's inputs, as `repository:i-<key>`; `undefined` without inputs. */
export function inputTagOf(image: FleetImage, state: FleetState): string | undefined {
  const textOf = createTexts(state, (_, reference) => state.platforms.get(reference));
  const { texts } = inputsOf(image, state.platforms.get(image.reference), textOf);
  return texts === undefined ? undefined : inputTag(image, texts);
}

function inputTag({ reference, material }: FleetImage, texts: readonly UpstreamText[]): string {
  return `${repositoryOfTag(reference)}:${memoryTags.input(inputKeyOf(material, texts))}`;
}

type Inputs =
  | { readonly texts: readonly UpstreamText[]; readonly lack?: never }
  | { readonly lack: Lack; readonly texts?: never };

/**
 * What the upstreams of an image are now, as it enters the input key, or the first that there is nothing to build on of.
 * @param published its own manifests by platform
 * @param names numbers of the upstreams, from `first` on
 */
function inputsOf(
  image: FleetImage,
  published: Platforms | undefined,
  textOf: TextOf,
  names: ArrayLike<number> = [],
  first = 0,
): Inputs {
  const { upstreams } = image;
  // Of full length, since a list that is pushed to makes room for more than most images have.
  const texts: UpstreamText[] = new Array(upstreams.length);
  const platforms = builtFor(image, published);
  let index = 0;
  for (const upstream of upstreams) {
    const found = textOf(upstream, platforms, names[first + index] ?? index);
    if ('lack' in found) return { lack: { upstream, reason: found.lack } };
    texts[index] = found;
    index += 1;
  }
  return { texts };
}

/** What is published tells which platforms it is built for: a workflow may ask for others than images.yaml. */
function builtFor({ platforms }: FleetImage, published: Platforms | undefined): readonly Platform[] {
  if (published === undefined) return platforms;
  const names = Object.keys(published);
  return names.length > 0 ? names : platforms;
}

/** `registry/path` of a canonical reference with a tag. */
export function repositoryOfTag(reference: string): string {
  return reference.slice(0, reference.lastIndexOf(':'));
}

/** Manifest digest by platform. */
type Platforms = Readonly<Record<Platform, Digest>>;

/** @param number the same for each mention of `reference` */
type PlatformsAt = (number: number, reference: string) => Platforms | undefined;

/** What is published under the names of a graph, each looked up once: as an image, and as an upstream of others. */
function createPlatforms({ platforms }: FleetState, count: number): PlatformsAt {
  // Of full length from the start: a list that is filled from its end is kept as a slow dictionary.
  const found: (Platforms | null | undefined)[] = new Array(count).fill(undefined);
  return (number, reference) => {
    const known = found[number];
    if (known !== undefined) return known ?? undefined;
    const looked = platforms.get(reference);
    found[number] = looked ?? null;
    return looked;
  };
}

/**
 * What enters the input key of an image that is built for `platforms`, or what is the matter with the upstream.
 * @param number the same for each mention of one upstream
 */
type TextOf = (upstream: UpstreamName, platforms: readonly Platform[], number: number) => Text;

type Text = UpstreamText | { readonly lack: string };

interface KeptText {
  readonly number: number;
  readonly asked: string;
  readonly text: Text;
}

/** Texts that are kept: all of them would take more memory than the rest of a plan. */
const mostTexts = 1024;

/**
 * Many images that are close to each other build on the same, and for the same platforms: so the last text is kept, of
 * as many upstreams as there is room for.
 */
function createTexts(state: FleetState, platformsAt: PlatformsAt): TextOf {
  const kept: (KeptText | undefined)[] = new Array(mostTexts).fill(undefined);
  return (upstream, platforms, number) => {
    const [only = ''] = platforms;
    const asked = platforms.length === 1 ? only : platforms.join();
    const place = number % mostTexts;
    const before = kept[place];
    if (before !== undefined && before.number === number && before.asked === asked) return before.text;
    const found = stateOfUpstream(upstream, platforms, state, number, platformsAt);
    const text = typeof found === 'string' ? { lack: found } : upstreamText(found);
    kept[place] = { number, asked, text };
    return text;
  };
}

function stateOfUpstream(
  upstream: UpstreamName,
  platforms: readonly Platform[],
  state: FleetState,
  number: number,
  platformsAt: PlatformsAt,
): UpstreamState | string {
  const unreadable = state.unreadable?.size ? state.unreadable.get(nameOfUpstream(upstream)) : undefined;
  if (unreadable !== undefined) return `can't be read: ${unreadable}`;
  if (upstream.kind === 'source') {
    const { repository, ref } = upstream;
    const commit = state.commits.get(sourceName(repository, ref));
    return commit === undefined ? 'was not found' : { kind: 'source', repository, ref, commit };
  }
  const found = platformsAt(number, upstream.reference);
  if (found === undefined) return 'is not published';
  const wanted = platformStates(found, platforms);
  if (Object.keys(wanted).length === 0) return `is not published for ${platforms.join(', ')}`;
  return { kind: 'image', reference: upstream.reference, platforms: wanted };
}
