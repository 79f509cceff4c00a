/** Repositories as rotation sees them, small enough to read. */
import { createHash } from 'node:crypto';
import { holdAnnotations, holdArtifactType } from '../../src/images/hold.ts';
import { type Digest, defaultPolicy, labels, type Policy, publicationTag } from '../../src/images/index.ts';
import {
  type PublicationClass,
  publicationAnnotations,
  publicationArtifactType,
} from '../../src/images/publication.ts';
import { mediaTypes } from '../../src/registry/index.ts';
import {
  type ListedManifest,
  planRotation,
  type RepositoryInput,
  type RepositoryPlan,
} from '../../src/retention/index.ts';

export const now = new Date('2026-11-23T12:00:00Z');
const day = 24 * 60 * 60 * 1000;

export function daysAgo(days: number): Date {
  return new Date(now.getTime() - days * day);
}

/** A digest that a short name stands for. */
export function digestOf(name: string): Digest {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

type Changes = Partial<Omit<ListedManifest, 'digest'>>;

export function image(name: string, changes: Changes = {}): ListedManifest {
  return {
    digest: digestOf(name),
    mediaType: mediaTypes.ociManifest,
    kind: 'image',
    size: 500,
    children: [],
    layers: [{ digest: digestOf(`layer of ${name}`), size: 1000 }],
    config: { digest: digestOf(`config of ${name}`), size: 100 },
    tags: [],
    ...changes,
  };
}

export function index(name: string, children: readonly ListedManifest[], changes: Changes = {}): ListedManifest {
  return {
    digest: digestOf(name),
    mediaType: mediaTypes.ociIndex,
    kind: 'index',
    size: 300,
    children: children.map(({ digest }) => digest),
    layers: [],
    tags: [],
    ...changes,
  };
}

export function artifact(name: string, changes: Changes = {}): ListedManifest {
  return image(name, { kind: 'artifact', layers: [], artifactType: 'application/vnd.example.signature', ...changes });
}

/** The labels of a build. */
export function builtFrom(
  kind: PublicationClass,
  branch: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return { [labels.class]: kind, [labels.branch]: branch, ...more };
}

/** The tag of a publication so many days ago, for the build itself. */
export function publishedAgo(days: number, name: string): string {
  return publicationTag(daysAgo(days), digestOf(name));
}

export interface RecordOptions {
  readonly kind?: PublicationClass;
  readonly branch?: string;
  readonly tags?: readonly string[];
  readonly upstreams?: readonly Digest[];
}

/** The record of a publication so many days ago. */
export function record(build: ListedManifest, days: number, options: RecordOptions = {}): ListedManifest {
  const { kind = 'default', branch = 'main', tags = [], upstreams = [] } = options;
  const publishedAt = daysAgo(days);
  const annotations = publicationAnnotations({
    publishedAt,
    class: kind,
    branch,
    tags,
    upstreams: upstreams.map((digest) => ({ reference: 'registry.example/acme/base:latest', digest })),
    run: '',
  });
  return index(`record of ${build.digest} ${days} ${kind} ${branch}`, [build], {
    artifactType: publicationArtifactType,
    annotations,
    tags: [publicationTag(publishedAt, build.digest)],
  });
}

/** A build of a branch that was published so many days ago, with the branch's tag and one of the suite's memory. */
export function branchBuild(name: string, days: number, changes: Partial<ListedManifest> = {}): ListedManifest[] {
  const build = image(name, { tags: ['feature', `k-${digestOf(name).slice(7, 39)}`], ...changes });
  return [build, record(build, days, { kind: 'branch', branch: 'feature', tags: ['feature'] })];
}

/** A build of the default branch that nobody but the suite's memory points at any more. */
export function defaultBuild(name: string, days: number, tags: readonly string[] = []): ListedManifest[] {
  const build = image(name, { tags: [...tags, `k-${digestOf(name).slice(7, 39)}`] });
  return [build, record(build, days, { tags: ['latest'] })];
}

/** The record of a mark. */
export function hold(build: ListedManifest, tag: string, by = 'somebody', reason = 'a reason'): ListedManifest {
  return index(`hold ${tag} ${build.digest}`, [build], {
    artifactType: holdArtifactType,
    annotations: { [holdAnnotations.by]: by, [holdAnnotations.reason]: reason, [labels.created]: now.toISOString() },
    tags: [tag],
  });
}

export function repository(
  manifests: readonly ListedManifest[],
  changes: Partial<Omit<RepositoryInput, 'listing'>> & { readonly name?: string } = {},
): RepositoryInput {
  const { name = 'web', policy = defaultPolicy, mainTags = ['latest'], rotate = true } = changes;
  return { listing: { repository: `registry.example/acme/${name}`, manifests }, policy, mainTags, rotate };
}

/** The plan for one repository. */
export function planOf(manifests: readonly ListedManifest[], policy: Policy = defaultPolicy): RepositoryPlan {
  const [plan] = planRotation([repository(manifests, { policy })], now).repositories;
  if (plan === undefined) throw new Error('a plan has an entry for each repository');
  return plan;
}
