/** The manifests of all listings, and who keeps whom. */
import { holdArtifactType } from '../images/hold.ts';
import { publicationArtifactType, readPublication, upstreamDigests } from '../images/publication.ts';
import type { Digest } from '../images/records.ts';
import { append } from './append.ts';
import { type Pending, pendingArtifactType, readPending } from './pending.ts';
import { type TagKind, tagKind } from './tags.ts';
import type { ListedManifest, RepositoryInput } from './types.ts';

/**
 * `build`: stays or goes by the rules. `part`: belongs to a build, and stays or goes with it. The others are records of
 * the suite's.
 */
export type Role = 'build' | 'part' | RecordKind;

type RecordKind = 'publication' | 'hold' | 'pending';

export interface Node {
  readonly input: RepositoryInput;
  readonly manifest: ListedManifest;
  role: Role;
  /** Who stays when this one does. */
  keeps: Edge[];
  /** What this one would be broken without; they go after it. */
  refersTo: Node[];
  referredBy: Node[];
  /** Records of its publications. */
  publications: Node[];
  /** What it was when a rotation that ended half-way was about to delete it. */
  pending?: Pending;
}

export interface Edge {
  readonly to: Node;
  /** What the other one is to this one, for people. */
  readonly as: string;
  /** Whether the two go together: not so for what a build was built on. */
  readonly belongs: boolean;
}

export interface Graph {
  /** In the order of the listings. */
  readonly nodes: readonly Node[];
  nodesOf(input: RepositoryInput): readonly Node[];
}

export function createGraph(inputs: readonly RepositoryInput[]): Graph {
  const byInput = new Map<RepositoryInput, ReadonlyMap<Digest, Node>>();
  for (const input of inputs) {
    const own = new Map<Digest, Node>();
    for (const manifest of input.listing.manifests) {
      const node: Node = {
        input,
        manifest,
        role: 'build',
        keeps: none,
        refersTo: none,
        referredBy: none,
        publications: none,
      };
      own.set(manifest.digest, node);
    }
    for (const node of own.values()) connectWithin(node, own);
    for (const node of own.values()) if (recordKind(node) === 'pending') markPending(node, own);
    for (const node of own.values()) {
      for (const record of newestRecords(node)) keep(node, record, 'the record of a publication');
      if (isListOfReferrers(node)) connectOldList(node, own);
    }
    byInput.set(input, own);
  }
  const nodesOf = new Map([...byInput].map(([input, own]) => [input, [...own.values()]]));
  const nodes = [...nodesOf.values()].flat();
  const find = createFinder(byInput);
  for (const node of nodes) connectAcross(node, find);
  for (const node of nodes) node.role = roleOf(node);
  return { nodes, nodesOf: (input) => nodesOf.get(input) ?? none };
}

/** What a manifest is tagged with. Told anew each time: kept for all tags, it would take more room than these. */
export function tagsOf({ manifest }: Node): { readonly tag: string; readonly is: TagKind }[] {
  return manifest.tags.map((tag) => ({ tag, is: tagKind(tag) }));
}

/** What a manifest says when it is the record of a publication. */
export function saidBy({ manifest }: Node): ReturnType<typeof readPublication> {
  return manifest.artifactType === publicationArtifactType ? readPublication(manifest.annotations ?? {}) : undefined;
}

/** One list for all that is empty. */
const none: never[] = [];

interface Finder {
  /** The manifest in the same repository as another, else all of them in the others. */
  near(digest: Digest, node: Node): readonly Node[];
  anywhere(digest: Digest): readonly Node[];
}

/** Few manifests are asked for across repositories, each of them often. */
function createFinder(byInput: ReadonlyMap<RepositoryInput, ReadonlyMap<Digest, Node>>): Finder {
  const known = new Map<Digest, readonly Node[]>();
  const anywhere = (digest: Digest): readonly Node[] => {
    const found = known.get(digest) ?? [...byInput.values()].flatMap((own) => own.get(digest) ?? []);
    known.set(digest, found);
    return found;
  };
  return {
    near(digest, node) {
      const own = byInput.get(node.input)?.get(digest);
      return own === undefined ? anywhere(digest) : [own];
    },
    anywhere,
  };
}

/** How people recognise a manifest: its first tag of theirs, else the beginning of its digest. */
export function nameOf({ manifest, input }: Node): string {
  const tag = manifest.tags.find((name) => tagKind(name).kind === 'user');
  const last = input.listing.repository.split('/').at(-1) ?? '';
  return tag === undefined ? `${last}@${manifest.digest.slice(0, 'sha256:'.length + 12)}` : `${last}:${tag}`;
}

function connectWithin(node: Node, own: ReadonlyMap<Digest, Node>): void {
  const { manifest } = node;
  const record = recordKind(node);
  for (const digest of new Set(manifest.children)) {
    const child = own.get(digest);
    if (child === undefined || child === node) continue;
    refer(node, child);
    keep(node, child, record === undefined ? 'an entry' : 'what it is a record of');
    if (record === 'publication') child.publications = append(child.publications, node);
  }
  const subject = manifest.subject === undefined ? undefined : own.get(manifest.subject);
  if (subject !== undefined && subject !== node) attach(node, subject);
}

/** Both stay, or both go; the one that belongs to the other goes first, unless that one lists it. */
function attach(node: Node, subject: Node): void {
  if (!subject.manifest.children.includes(node.manifest.digest)) refer(node, subject);
  keep(node, subject, 'its subject');
  keep(subject, node, 'a referrer');
}

function refer(from: Node, to: Node): void {
  from.refersTo = append(from.refersTo, to);
  to.referredBy = append(to.referredBy, from);
}

function keep(from: Node, to: Node, as: string, belongs = true): void {
  from.keeps = append(from.keeps, { to, as, belongs });
}

/** What belongs to another by its tag may be in another repository; what a build was built on mostly is. */
function connectAcross(node: Node, find: Finder): void {
  for (const { is } of tagsOf(node)) {
    if (is.kind !== 'belongs') continue;
    for (const subject of find.near(is.subject, node)) if (subject !== node) attach(node, subject);
  }
  const named = [node.manifest.labels, ...node.publications.map(({ manifest }) => manifest.annotations)];
  const upstreams = new Set(named.flatMap((texts) => upstreamDigests(texts ?? {})));
  for (const digest of upstreams)
    for (const upstream of find.anywhere(digest)) if (upstream !== node) keep(node, upstream, 'built on', false);
}

function markPending({ manifest }: Node, own: ReadonlyMap<Digest, Node>): void {
  for (const [digest, pending] of readPending(manifest.annotations)) {
    const node = own.get(digest);
    if (node !== undefined) node.pending = pending;
  }
}

/** Of each branch, the last publication says all: a branch may publish the same build every day. */
function newestRecords({ publications }: Node): Iterable<Node> {
  const newest = new Map<string, { readonly record: Node; readonly at: number }>();
  for (const record of publications) {
    const read = saidBy(record);
    const at = read?.publishedAt.getTime() ?? 0;
    const from = `${read?.class} ${read?.branch}`;
    const known = newest.get(from);
    if (known === undefined || known.at < at) newest.set(from, { record, at });
  }
  return [...newest.values()].map(({ record }) => record);
}

/** A list of referrers that a newer one replaced: without tag, and with referrers as its only entries. */
function isListOfReferrers({ manifest, refersTo }: Node): boolean {
  return (
    manifest.kind === 'index' &&
    manifest.tags.length === 0 &&
    manifest.subject === undefined &&
    refersTo.length > 0 &&
    refersTo.every((entry) => entry.manifest.subject !== undefined)
  );
}

function connectOldList(node: Node, own: ReadonlyMap<Digest, Node>): void {
  for (const digest of node.manifest.children) {
    const entry = own.get(digest);
    if (entry !== undefined) keep(entry, node, 'a list of referrers');
  }
}

function roleOf(node: Node): Role {
  const own = tagsOf(node).filter(({ is }) => is.kind !== 'belongs');
  const record = recordKind(node);
  if (record !== undefined && own.every(({ is }) => is.kind === record)) return record;
  if (own.length > 0) return 'build';
  const listed = node.referredBy.some((other) => other.manifest.kind === 'index' && recordKind(other) === undefined);
  const belongs = node.manifest.tags.length > 0 || node.manifest.subject !== undefined || isListOfReferrers(node);
  return listed || belongs || isRest(node) ? 'part' : 'build';
}

/** What is left of a build that a rotation began to delete; one that was published again is a build. */
function isRest({ pending, publications }: Node): boolean {
  if (pending === undefined) return false;
  return pending.publishedAt === undefined || publications.every(({ manifest }) => manifest.tags.length === 0);
}

const records: Readonly<Record<string, RecordKind>> = {
  [publicationArtifactType]: 'publication',
  [holdArtifactType]: 'hold',
  [pendingArtifactType]: 'pending',
};

function recordKind({ manifest: { kind, artifactType } }: Node): RecordKind | undefined {
  return kind === 'index' && artifactType !== undefined ? records[artifactType] : undefined;
}
