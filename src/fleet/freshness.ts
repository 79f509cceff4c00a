/** Freshness: whether what is published was made from what git and the registry hold now. */
import { inputKeyOf, memoryTags, type UpstreamState, type UpstreamText, upstreamText } from '../images/keys.ts';
import { platformStates } from '../images/platform-states.ts';
import type { Platform } from '../images/records.ts';
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
  const textOf = createTexts(state, graph.nameCount);
  return (position) => {
    const image = imageAt(graph, position);
    const inputs = inputsOf(image, state, textOf, graph.names, graph.firstNames[position]);
    if (inputs.lack !== undefined) return inputs;
    const published = state.published.get(image.reference);
    // Nothing is hashed to learn what is known already.
    if (published === undefined) return stale;
    return state.inputTags.get(inputTag(image, inputs.texts)) === published ? fresh : stale;
  };
}

const fresh: Judgement = { fresh: true };
const stale: Judgement = { fresh: false };

/** The tag that says which digest belongs to an image's inputs, as `repository:i-<key>`; `undefined` without inputs. */
export function inputTagOf(image: FleetImage, state: FleetState): string | undefined {
  const { texts } = inputsOf(image, state, createTexts(state, image.upstreams.length));
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
 * @param names numbers of the upstreams, from `first` on
 */
function inputsOf(
  image: FleetImage,
  state: FleetState,
  textOf: TextOf,
  names: ArrayLike<number> = [],
  first = 0,
): Inputs {
  const texts: UpstreamText[] = [];
  const platforms = platformsOf(image, state);
  for (let index = 0; index < image.upstreams.length; index += 1) {
    const upstream = image.upstreams[index];
    if (upstream === undefined) continue;
    const found = textOf(upstream, platforms, names[first + index] ?? index);
    if ('lack' in found) return { lack: { upstream, reason: found.lack } };
    texts.push(found);
  }
  return { texts };
}

/** What is published tells which platforms it is built for: a workflow may ask for others than images.yaml. */
function platformsOf({ reference, platforms }: FleetImage, state: FleetState): readonly Platform[] {
  const published = state.platforms.get(reference);
  if (published === undefined) return platforms;
  const names = Object.keys(published);
  return names.length > 0 ? names : platforms;
}

/** `registry/path` of a canonical reference with a tag. */
export function repositoryOfTag(reference: string): string {
  return reference.slice(0, reference.lastIndexOf(':'));
}

/**
 * What enters the input key of an image that is built for `platforms`, or what is the matter with the upstream.
 * @param number the same for each mention of one upstream
 */
type TextOf = (
  upstream: UpstreamName,
  platforms: readonly Platform[],
  number: number,
) => UpstreamText | { readonly lack: string };

/** Mostly the answer is the same for all that build on an upstream, so the last one is kept. */
function createTexts(state: FleetState, count: number): TextOf {
  // Of full length from the start: a list that is filled from its end is kept as a slow dictionary.
  const texts: (ReturnType<TextOf> | undefined)[] = new Array(count).fill(undefined);
  const askedFor: string[] = new Array(count).fill('');
  return (upstream, platforms, number) => {
    const [only = ''] = platforms;
    const asked = platforms.length === 1 ? only : platforms.join();
    const before = texts[number];
    if (before !== undefined && askedFor[number] === asked) return before;
    const found = stateOfUpstream(upstream, platforms, state);
    const text = typeof found === 'string' ? { lack: found } : upstreamText(found);
    texts[number] = text;
    askedFor[number] = asked;
    return text;
  };
}

function stateOfUpstream(
  upstream: UpstreamName,
  platforms: readonly Platform[],
  state: FleetState,
): UpstreamState | string {
  const unreadable = state.unreadable?.size ? state.unreadable.get(nameOfUpstream(upstream)) : undefined;
  if (unreadable !== undefined) return `can't be read: ${unreadable}`;
  if (upstream.kind === 'source') {
    const { repository, ref } = upstream;
    const commit = state.commits.get(sourceName(repository, ref));
    return commit === undefined ? 'was not found' : { kind: 'source', repository, ref, commit };
  }
  const found = state.platforms.get(upstream.reference);
  if (found === undefined) return 'is not published';
  const wanted = platformStates(found, platforms);
  if (Object.keys(wanted).length === 0) return `is not published for ${platforms.join(', ')}`;
  return { kind: 'image', reference: upstream.reference, platforms: wanted };
}
