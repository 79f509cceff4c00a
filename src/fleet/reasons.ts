/** The reasons of decisions, in words for people. */
import { type Decisions, decisionAt } from './decision.ts';
import { type Graph, imageAt, nameOfUpstream, positionOf } from './graph.ts';
import type { FleetImage, FleetState, UpstreamName } from './types.ts';

/** Names that a reason lists before it goes on to the end of the chain. */
const mostNames = 3;

/** Why an image is not up to date: `upstream debian:bookworm-slim changed sha256:1a… → sha256:9f…`. */
export function reasonToBuild(image: FleetImage, graph: Graph, state: FleetState): string {
  if (!state.published.has(image.reference)) return 'never published';
  const previous = state.previous?.get(image.reference);
  const upstreams: string[] = [];
  let unknown = false;
  for (const upstream of image.upstreams) {
    const now = statesOfUpstream(upstream, state);
    const before = previous?.upstreams.get(nameOfUpstream(upstream));
    if (before === undefined) {
      if (isChanged(upstream, graph, state)) upstreams.push(`${shownName(upstream, graph)} changed`);
      else unknown = true;
    } else if (!before.some((digest) => now.includes(digest)))
      upstreams.push(`${shownName(upstream, graph)} changed ${shorten(before[0])} → ${shorten(now[0])}`);
  }
  const parts = upstreams.length === 0 ? [] : [`upstream ${list(upstreams)}`];
  const files = previous?.objects === undefined ? [] : changedFiles(image, previous.objects);
  if (files.length > 0) parts.push(`${list(files)} changed`);
  if (parts.length > 0) return parts.join(', and ');
  return unknown || previous === undefined
    ? 'an upstream or its own files changed since it was published'
    : 'its own files changed since it was published';
}

/** `waiting for nginx, which waits for debian-base`, down to the image at which something has to happen. */
export function chainReason(position: number, graph: Graph, decisions: Decisions): string {
  const { state, because = [] } = decisionAt(decisions, position);
  const [now, then] =
    state === 'waiting' ? ['waiting for ', ', which waits for '] : ['blocked by ', ', which is blocked by '];
  let text = now;
  let next = because[0];
  for (let count = 0; next !== undefined; count += 1) {
    if (count === mostNames) {
      text += ', and so on';
      break;
    }
    const decision = decisionAt(decisions, next);
    text += count === 0 ? imageAt(graph, next).name : then + imageAt(graph, next).name;
    // The end of the chain tells what is to be done there.
    if (decision.because === undefined && state === 'blocked') text += ` (${decision.reason})`;
    next = decision.because?.[0];
  }
  if (because.length < 2) return text;
  const others = because.slice(1).map((upstream) => imageAt(graph, upstream).name);
  return `${text}, and ${state === 'waiting' ? 'for' : 'by'} ${list(others)}`;
}

/** `it builds on itself: a → c → b → a`. */
export function cycleReason(cycle: readonly number[], graph: Graph): string {
  const names = cycle.map((position) => imageAt(graph, position).name);
  const [first = ''] = names;
  const shown = names.length > 20 ? [...names.slice(0, 20), '…'] : names;
  return `it builds on itself: ${[...shown, first].join(' → ')}`;
}

/** Every digest or commit that an upstream is known by now, the one to show first. */
function statesOfUpstream(upstream: UpstreamName, state: FleetState): readonly string[] {
  const name = nameOfUpstream(upstream);
  if (upstream.kind === 'source') return [state.commits.get(name) ?? []].flat();
  const index = state.published.get(name);
  return [...(index === undefined ? [] : [index]), ...Object.values(state.platforms.get(name) ?? {})];
}

function isChanged(upstream: UpstreamName, graph: Graph, { changed }: FleetState): boolean {
  if (changed === undefined) return false;
  const name = nameOfUpstream(upstream);
  const position = positionOf(graph, name);
  return changed.has(name) || (position !== undefined && changed.has(imageAt(graph, position).reference));
}

/** Paths of an image's input material that are not what they were. @param before git object ids by path */
function changedFiles({ material }: FleetImage, before: Readonly<Record<string, string>>): string[] {
  const paths = new Set([...Object.keys(material.objects), ...Object.keys(before)]);
  return [...paths].filter((path) => material.objects[path] !== before[path]).sort();
}

/** The name of an image of the fleet, what people write for one outside, `owner/name#branch` of a source. */
function shownName(upstream: UpstreamName, graph: Graph): string {
  if (upstream.kind === 'source') return `${upstream.repository}#${upstream.ref}`;
  const position = positionOf(graph, upstream.reference);
  if (position !== undefined) return imageAt(graph, position).name;
  return upstream.reference.replace(/^docker\.io\/(?:library\/)?/, '');
}

/** The first 12 digits of a digest or commit. */
function shorten(digest: string | undefined): string {
  if (digest === undefined) return 'unknown';
  const length = (digest.startsWith('sha256:') ? 'sha256:'.length : 0) + 12;
  return digest.length > length ? `${digest.slice(0, length)}…` : digest;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, mostNames);
  return shown.length < names.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(' and ');
}
