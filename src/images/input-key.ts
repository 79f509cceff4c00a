/**
 * The key of all that can be seen of an image's inputs without rendering. A planner asks for that of every image of a
 * fleet: what is hashed is put together from texts that several images share, and nothing is sorted or copied on the way
 * that is in order as it is.
 */
import { canonicalJson, flatJson, hashText } from './key-text.ts';
import type { Digest, InputMaterial, Platform } from './records.ts';

/** What enters the keys of an upstream: neither how a Dockerfile spells it, nor the digest of an index. */
export type UpstreamState =
  | {
      readonly kind: 'image';
      /** Canonical. */
      readonly reference: string;
      readonly platforms: Readonly<Record<Platform, Digest>>;
    }
  | { readonly kind: 'source'; readonly repository: string; readonly ref: string; readonly commit: string };

/** 32 hex digits. */
export function inputKey(material: InputMaterial, upstreams: readonly UpstreamState[]): string {
  return inputKeyOf(material, upstreams.map(upstreamText));
}

/** The state of an upstream as it enters an input key. */
export interface UpstreamText {
  readonly state: UpstreamState;
  /** Canonical JSON of the state, as a JSON string. */
  readonly quoted: string;
  /** Of an image whose texts are plain: its platforms in order, and their digests, each joined by quotation marks. */
  readonly platforms?: string;
  readonly digests?: string;
  readonly reference: string;
}

export function upstreamText(state: UpstreamState): UpstreamText {
  if (state.kind === 'source') return { state, quoted: JSON.stringify(jsonOf(state)), reference: '' };
  const { reference } = state;
  let isPlain = plainText.test(reference);
  let [platforms, digests, written] = ['', '', ''];
  for (const name of Object.keys(state.platforms).sort()) {
    const digest = state.platforms[name] ?? '';
    isPlain &&= plainName.test(name) && plainText.test(digest);
    const isFirst = written === '';
    platforms = isFirst ? name : `${platforms}"${name}`;
    digests = isFirst ? digest : `${digests}"${digest}`;
    written += `${isFirst ? '' : ','}\\"${name}\\":\\"${digest}\\"`;
  }
  if (!isPlain) return { state, quoted: JSON.stringify(jsonOf(state)), reference: '' };
  const quoted = `"{\\"kind\\":\\"image\\",\\"platforms\\":{${written}},\\"reference\\":\\"${reference}\\"}"`;
  return { state, quoted, platforms, digests, reference };
}

/** Of characters that JSON writes as they are, and that come after the quotation mark which ends a text there. */
const plainText = /^[#-[\]-~]*$/;
/** Objects put numbers first, whatever their order; and of an empty name, nothing is left when names are joined. */
const plainName = /^(?!\d)[#-[\]-~]+$/;

function jsonOf(state: UpstreamState): string {
  if (state.kind === 'source') return canonicalJson(state);
  return `{"kind":"image","platforms":${flatJson(state.platforms)},"reference":${JSON.stringify(state.reference)}}`;
}

/** As `inputKey`. @param upstreams `upstreamText` of each */
export function inputKeyOf({ objects }: InputMaterial, upstreams: readonly UpstreamText[]): string {
  let list = '';
  let before: UpstreamText | undefined;
  for (const upstream of inOrder(upstreams)) {
    if (before !== undefined && byJson(before, upstream) === 0) continue;
    list += before === undefined ? upstream.quoted : `,${upstream.quoted}`;
    before = upstream;
  }
  return hashText('input 1', `{"objects":${flatJson(objects)},"upstreams":[${list}]}`);
}

/** To sort a list with `toSorted` takes far more memory than the few upstreams of an image. */
function inOrder(upstreams: readonly UpstreamText[]): readonly UpstreamText[] {
  if (upstreams.length > 16) return upstreams.toSorted(byJson);
  const sorted = upstreams.slice();
  let end = 0;
  for (const upstream of upstreams) {
    let place = end;
    for (let before = sorted[place - 1]; before !== undefined && byJson(before, upstream) > 0; place -= 1) {
      sorted[place] = before;
      before = sorted[place - 2];
    }
    sorted[place] = upstream;
    end += 1;
  }
  return sorted;
}

/** In the order of their canonical JSON. */
function byJson(one: UpstreamText, other: UpstreamText): number {
  if (one.digests === undefined || other.digests === undefined || one.platforms !== other.platforms)
    return compare(jsonOf(one.state), jsonOf(other.state));
  // The same up to where these differ; of two that begin alike the shorter one comes first, as in JSON.
  return compare(one.digests, other.digests) || compare(one.reference, other.reference);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
