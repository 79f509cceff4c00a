/** Freshness: whether what is published was made from what git and the registry hold now. */
import { inputKey, memoryTags, type UpstreamState } from '../images/keys.ts';
import { platformStates } from '../images/platform-states.ts';
import type { Platform } from '../images/records.ts';
import { nameOfUpstream, sourceName } from './graph.ts';
import type { FleetImage, FleetState, UpstreamName } from './types.ts';

/** An upstream that has no state, and why; the image can't be built on it. */
export interface Lack {
  readonly upstream: UpstreamName;
  readonly reason: string;
}

export type UpstreamStates =
  | { readonly states: readonly UpstreamState[]; readonly lack?: never }
  | { readonly lack: Lack; readonly states?: never };

/** What the upstreams of an image are now, or the first that there is nothing to build on of. */
export function upstreamStates(image: FleetImage, state: FleetState): UpstreamStates {
  const states: UpstreamState[] = [];
  // What is published tells which platforms it is built for: a workflow may ask for others than images.yaml.
  const published = Object.keys(state.platforms.get(image.reference) ?? {});
  const platforms = published.length > 0 ? published : image.platforms;
  for (const upstream of image.upstreams) {
    const found = stateOfUpstream(upstream, platforms, state);
    if (typeof found === 'string') return { lack: { upstream, reason: found } };
    states.push(found);
  }
  return { states };
}

/** The tag that says which digest belongs to an image's inputs, as `repository:i-<key>`; `undefined` without inputs. */
export function inputTagOf(image: FleetImage, state: FleetState): string | undefined {
  const { states } = upstreamStates(image, state);
  if (states === undefined) return undefined;
  return `${repositoryOfTag(image.reference)}:${memoryTags.input(inputKey(image.material, states))}`;
}

/** Whether the main tag and the tag of the current input key point at the same digest. */
export function isFresh(image: FleetImage, state: FleetState): boolean {
  const published = state.published.get(image.reference);
  if (published === undefined) return false;
  const tag = inputTagOf(image, state);
  return tag !== undefined && state.inputTags.get(tag) === published;
}

/** `registry/path` of a canonical reference with a tag. */
export function repositoryOfTag(reference: string): string {
  return reference.slice(0, reference.lastIndexOf(':'));
}

function stateOfUpstream(
  upstream: UpstreamName,
  platforms: readonly Platform[],
  state: FleetState,
): UpstreamState | string {
  const unreadable = state.unreadable?.get(nameOfUpstream(upstream));
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
