/** Marks that keep a build, set and taken away by people. */
import { holdAnnotations, holdArtifactType, holdTag, isDay, parseHoldTag } from '../images/hold.ts';
import { labels } from '../images/labels.ts';
import type { Digest } from '../images/records.ts';
import { isTag } from '../images/reference.ts';
import { parsePeriod } from '../images/retention.ts';
import { fail } from '../problems.ts';
import { annotatedIndex, isIndex } from '../registry/index.ts';
import type { Descriptor, Manifest, Registry } from '../registry/types.ts';
import { startOf } from '../retention/index.ts';
import type { Target } from './reference.ts';
import type { Removal } from './store.ts';

/** https://github.com/opencontainers/image-spec/blob/main/annotations.md */
const refName = 'org.opencontainers.image.ref.name';

export interface HoldRequest {
  /** Default: who sets it, and the beginning of the digest. */
  readonly name: string | undefined;
  /** Last day, `yyyy-mm-dd`; absent: for ever. */
  readonly until: string | undefined;
  readonly reason: string;
  /** Login of who sets it. */
  readonly by: string;
  /** Page of the run. */
  readonly run: string;
  readonly now: Date;
}

export interface HeldBuild {
  readonly repository: string;
  readonly digest: Digest;
  readonly tag: string;
  readonly until?: string;
  readonly by?: string;
  readonly reason?: string;
}

/**
 * Marks a build.
 * @throws ProblemsError for a build that is not there, or a name that marks another one
 */
export async function hold(registry: Registry, target: Target, request: HoldRequest): Promise<HeldBuild> {
  const { repository } = target;
  const entry = await buildOf(registry, target);
  const { until, by, reason, run, now } = request;
  const name = request.name ?? `${by.replace(/[^A-Za-z0-9_.-]+/g, '-')}-${entry.digest.slice('sha256:'.length, 19)}`;
  const tag = holdTag({ name, ...(until === undefined ? {} : { until }) });
  const meant = isTag(tag) ? parseHoldTag(tag) : undefined;
  if (meant?.name !== name || meant.until !== until)
    fail(`input 'name': '${name}' can't be the name of a mark`, {
      hint: "use up to 100 letters, digits, '.', '_' and '-', without 'until-' at its beginning",
    });
  const present = await registry.manifest(repository, tag);
  const held = present === undefined ? undefined : heldBy(present).digest;
  if (held !== undefined && held !== entry.digest)
    fail(`${repository}:${tag} marks another build, ${held.slice(0, 19)}`, {
      hint: "give this mark another 'name', or release that one first",
    });
  if (held === undefined)
    await registry.putManifest(
      repository,
      tag,
      annotatedIndex(entry, holdArtifactType, {
        [holdAnnotations.by]: by,
        [holdAnnotations.reason]: reason,
        [holdAnnotations.run]: run,
        [labels.created]: now.toISOString(),
        // No two marks are the same manifest: one goes without the other.
        [refName]: tag,
      }),
    );
  const build = { repository, digest: entry.digest, tag, ...(until === undefined ? {} : { until }) };
  // What is marked already keeps the reason of who came first.
  return present === undefined ? { ...build, by, reason } : { ...build, ...saidBy(present) };
}

function saidBy({ annotations = {} }: Manifest): Pick<HeldBuild, 'by' | 'reason'> {
  const { [holdAnnotations.by]: by, [holdAnnotations.reason]: reason } = annotations;
  return { ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) };
}

/**
 * The last day of a hold: a day, or a period from now on.
 * @throws ProblemsError for other text, and for a day that is over
 */
export function lastDay(text: string | undefined, now: Date): string | undefined {
  if (text === undefined) return undefined;
  const today = now.toISOString().slice(0, 10);
  const period = parsePeriod(text);
  if (period === 'forever') return undefined;
  const negative = period === undefined ? undefined : { months: -period.months, milliseconds: -period.milliseconds };
  const day = negative === undefined ? text : startOf(negative, now).toISOString().slice(0, 10);
  if (!isDay(day))
    fail(`input 'until' is '${text}'`, { hint: "write a day such as '2027-03-31', or a time from now such as '30d'" });
  if (day < today) fail(`input 'until': ${day} is over`, { hint: 'name today or a later day' });
  return day;
}

/** Descriptor of the build that a target names; a mark or a record of a publication names the build in it. */
async function buildOf(registry: Registry, { repository, tagOrDigest }: Target): Promise<Descriptor> {
  const manifest =
    (await registry.manifest(repository, tagOrDigest)) ??
    fail(`there is no ${repository}${tagOrDigest.includes(':') ? '@' : ':'}${tagOrDigest}`, {
      hint: "look at the name, and at the tags of the image ('crane ls', or its page)",
    });
  const descriptor = heldBy(manifest);
  if (isIndex(descriptor.mediaType) || descriptor.platform !== undefined) return descriptor;
  const config = await registry.config(repository, descriptor.digest);
  if (config === undefined || config.os === '') return descriptor;
  const { os, architecture, variant } = config;
  return { ...descriptor, platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } };
}

/** What a mark keeps: its entry, or the manifest itself where somebody tagged that by hand. */
function heldBy(manifest: Manifest): Descriptor {
  const [entry, ...more] = manifest.manifests ?? [];
  const own = isRecord(manifest) && more.length === 0 ? entry : undefined;
  return own ?? manifest.descriptor;
}

/** Whether an index is one that the suite made to say something about its entry. */
function isRecord({ artifactType }: Manifest): boolean {
  return artifactType?.startsWith('application/vnd.image-cascade.') === true;
}

export interface ReleaseRequest {
  /** Marks of this name only. */
  readonly name: string | undefined;
  /** Deletes a manifest of the repository that has these tags. */
  readonly remove: (repository: string, digest: Digest, tags: readonly string[]) => Promise<Removal>;
}

/**
 * Takes marks away: the one that the target names, or all of the build that it names. The build stays until a rotation
 * finds that nothing keeps it.
 * @throws ProblemsError where there is none
 */
export async function release(registry: Registry, target: Target, request: ReleaseRequest): Promise<HeldBuild[]> {
  const { repository, tagOrDigest } = target;
  const marks = await marksOf(registry, repository);
  const exact = marks.filter(({ tag }) => tag === tagOrDigest);
  const build = exact.length > 0 ? undefined : await buildOf(registry, target);
  const chosen = (exact.length > 0 ? exact : marks.filter(({ digest }) => digest === build?.digest)).filter(
    ({ tag }) => request.name === undefined || parseHoldTag(tag)?.name === request.name,
  );
  if (chosen.length === 0) {
    const others = marks.map(({ tag, digest }) => `${tag} (${digest.slice(0, 19)})`).join(', ');
    fail(`nothing marks ${repository}${tagOrDigest.includes(':') ? '@' : ':'}${tagOrDigest}`, {
      hint: others === '' ? 'this image has no mark' : `the marks of this image are ${others}`,
    });
  }
  for (const mark of chosen) await takeAway(registry, mark, request);
  return chosen.map(({ manifest: _, ...mark }) => mark);
}

interface Mark extends HeldBuild {
  readonly manifest: Manifest;
}

async function marksOf(registry: Registry, repository: string): Promise<Mark[]> {
  const marks: Mark[] = [];
  for await (const tag of registry.tags(repository)) {
    const parsed = parseHoldTag(tag);
    const manifest = parsed === undefined ? undefined : await registry.manifest(repository, tag);
    if (parsed === undefined || manifest === undefined) continue;
    marks.push({
      manifest,
      repository,
      tag,
      digest: heldBy(manifest).digest,
      ...(parsed.until === undefined ? {} : { until: parsed.until }),
      ...saidBy(manifest),
    });
  }
  return marks;
}

/** A tag goes with its manifest; where that is the build itself, the tag is moved to something that may go. */
async function takeAway(
  registry: Registry,
  { repository, tag, manifest }: Mark,
  { remove }: ReleaseRequest,
): Promise<void> {
  let { digest } = manifest.descriptor;
  if (!isRecord(manifest)) {
    const annotations = { [refName]: tag };
    digest = await registry.putManifest(
      repository,
      tag,
      annotatedIndex(manifest.descriptor, holdArtifactType, annotations),
    );
  }
  const removal = await remove(repository, digest, [tag]);
  if (removal.status !== 'deleted' && removal.status !== 'gone')
    fail(`${repository}:${tag} can't be taken away: ${removal.reason}`, { hint: 'run it again later' });
}
