/** What a published image says of itself: its labels, read once for each digest. */
import { nameOfUpstream } from '../fleet/index.ts';
import type { FleetImage, FleetState, PublishedInputs, UpstreamName } from '../fleet/types.ts';
import { type GitHub, isObject, readObjects } from '../github/index.ts';
import { labels } from '../images/labels.ts';
import type { Digest } from '../images/records.ts';
import { parseReference, repositoryOf } from '../images/reference.ts';
import type { Registry } from '../registry/types.ts';
import type { DigestFacts, Facts } from './facts.ts';

/** An upstream as it was when the image was built. */
export interface LabelledUpstream {
  readonly name: UpstreamName;
  /** Digest or commit; absent where it was not known before the build. */
  readonly state?: string;
}

/** What an image was built on; `undefined` when it does not say so, or is not published. */
export async function labelledUpstreams(
  reference: string,
  registry: Registry,
  facts: Facts,
): Promise<readonly LabelledUpstream[] | undefined> {
  const parsed = parseReference(reference);
  const digest = parsed.digest ?? (await registry.head(repositoryOf(parsed), parsed.tag ?? 'latest'))?.digest;
  if (digest === undefined) return undefined;
  return readUpstreams((await labelsOf(repositoryOf(parsed), digest, registry, facts)).upstreams);
}

/** Explanations are worth a few requests, not hundreds. */
const mostExplained = 30;

/**
 * What published images were made from, for the reasons: their upstreams from the label, and the files of their
 * repository at the commit that the label names. What can't be read is left out, since nothing is decided from it.
 */
export async function readPrevious(
  images: readonly FleetImage[],
  { published }: Pick<FleetState, 'published'>,
  { registry, github, facts }: { readonly registry: Registry; readonly github: GitHub; readonly facts: Facts },
): Promise<ReadonlyMap<string, PublishedInputs>> {
  const some = images.filter(({ reference }) => published.has(reference)).slice(0, mostExplained);
  const read = some.map(async (image) => {
    const digest = published.get(image.reference) ?? '';
    const found = await labelsOf(repositoryOf(parseReference(image.reference)), digest, registry, facts);
    const paths = Object.keys(image.material.objects);
    const objects = await objectsAt(image.repository, found.revision, paths, github, facts).catch(() => undefined);
    const upstreams = (readUpstreams(found.upstreams) ?? []).flatMap(({ name, state }) =>
      state === undefined ? [] : [[nameOfUpstream(name), digestsOf(state, facts)] as const],
    );
    return { upstreams: new Map(upstreams), ...(objects === undefined ? {} : { objects }) };
  });
  const outcomes = await Promise.allSettled(read);
  return new Map(
    outcomes.flatMap((outcome, index) => {
      const reference = some[index]?.reference;
      return outcome.status === 'fulfilled' && reference !== undefined ? [[reference, outcome.value] as const] : [];
    }),
  );
}

/** A digest, and those of the platforms under it where they are known. */
function digestsOf(state: string, facts: Facts): readonly string[] {
  return [state, ...Object.values(facts.findDigest(state)?.platforms ?? {})];
}

async function labelsOf(
  repository: string,
  digest: Digest,
  registry: Registry,
  facts: Facts,
): Promise<NonNullable<DigestFacts['labels']>> {
  const known = facts.findDigest(digest);
  if (known?.labels !== undefined) return known.labels;
  const found = (await registry.config(repository, digest))?.config?.Labels ?? {};
  const { [labels.upstreams]: upstreams, [labels.revision]: revision } = found;
  const kept = { ...(upstreams ? { upstreams } : {}), ...(revision ? { revision } : {}) };
  if (known !== undefined) facts.keepDigest(digest, { ...known, labels: kept });
  return kept;
}

const commitPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

async function objectsAt(
  repository: string,
  revision: string | undefined,
  paths: readonly string[],
  github: GitHub,
  facts: Facts,
): Promise<Readonly<Record<string, string>> | undefined> {
  // A label is text of whoever pushed the image.
  if (revision === undefined || !commitPattern.test(revision)) return undefined;
  const { objects } = facts.commit(repository, revision);
  const open = paths.filter((path) => !objects.has(path));
  if (open.length > 0) {
    const [found] = await readObjects(github, [{ repository, revision, paths: open }]);
    for (const path of open) objects.set(path, found?.get(path) ?? null);
  }
  const ids = paths.flatMap((path) => {
    const object = objects.get(path);
    return object ? [[path, object.id] as const] : [];
  });
  // A commit that is gone, after a forced push, has no files at all.
  return ids.length === 0 ? undefined : Object.fromEntries(ids);
}

function readUpstreams(text: string | undefined): readonly LabelledUpstream[] | undefined {
  if (text === undefined) return undefined;
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(entries)) return undefined;
  const read = entries.map(readUpstream);
  return read.every((upstream) => upstream !== undefined) ? read : undefined;
}

function readUpstream(value: unknown): LabelledUpstream | undefined {
  if (!isObject(value)) return undefined;
  const { kind, reference, repository, ref, digest, commit } = value;
  const state = typeof digest === 'string' ? digest : typeof commit === 'string' ? commit : undefined;
  const known = state === undefined ? {} : { state };
  if (kind === 'image' && typeof reference === 'string') return { name: { kind, reference }, ...known };
  if (kind === 'source' && typeof repository === 'string' && typeof ref === 'string')
    return { name: { kind, repository, ref }, ...known };
  return undefined;
}
