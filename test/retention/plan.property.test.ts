/** What a rotation promises, over random registries. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Digest, defaultPolicy, type Policy, type Rule } from '../../src/images/index.ts';
import type { PublicationClass } from '../../src/images/publication.ts';
import {
  type ListedManifest,
  pendingAnnotations,
  pendingArtifactType,
  pendingEntries,
  pendingTag,
  planRotation,
  type RepositoryInput,
} from '../../src/retention/index.ts';
import {
  artifact,
  builtFrom,
  daysAgo,
  digestOf,
  hold,
  image,
  index,
  now,
  publishedAgo,
  record,
  repository,
} from './listings.ts';

/** One step of filling a registry; numbers choose among what is there already. */
interface Step {
  readonly make: 'image' | 'index' | 'referrer' | 'signature' | 'list' | 'record' | 'hold' | 'foreign';
  readonly into: number;
  readonly on: readonly number[];
  readonly tag: string | undefined;
  readonly days: number;
  readonly kind: PublicationClass;
  readonly branch: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  make: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step['make']>('image') },
    { weight: 4, arbitrary: fc.constant<Step['make']>('index') },
    { weight: 6, arbitrary: fc.constantFrom<Step['make'][]>('referrer', 'signature', 'list', 'record') },
    { weight: 1, arbitrary: fc.constantFrom<Step['make'][]>('hold', 'foreign') },
  ),
  into: fc.nat(2),
  on: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  tag: fc.option(fc.constantFrom('latest', 'feature', 'feature', '1.4', `k-${'0'.repeat(32)}`, `t-${'1'.repeat(32)}`), {
    nil: undefined,
  }),
  days: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 400, max: 900 })),
  kind: fc.constantFrom<PublicationClass[]>('default', 'branch', 'branch', 'tag', 'pull-request'),
  branch: fc.constantFrom('main', 'a', 'a', 'release/1'),
});

const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ keepFor: fc.record({ months: fc.nat(3), milliseconds: fc.nat(40 * 24 * 3_600_000) }) }),
  fc.record({ keepLast: fc.integer({ min: 1, max: 2 }) }),
  fc.record({
    keepFor: fc.record({ months: fc.nat(3), milliseconds: fc.constant(0) }),
    keepLast: fc.integer({ min: 1, max: 2 }),
    combine: fc.constantFrom('and' as const, 'or' as const),
  }),
);

const policy: fc.Arbitrary<Policy> = fc
  .record(
    {
      default: rule,
      tags: rule,
      pullRequests: rule,
      trace: rule,
      untagged: rule,
      unlabelled: rule,
      branches: rule.map((own) => [
        { match: 'release/*', rule: own },
        { match: '**', rule: { keepLast: 1 } },
      ]),
    },
    { requiredKeys: ['default', 'tags', 'branches', 'pullRequests'] },
  )
  .map((changes) => ({ ...defaultPolicy, ...changes }));

const world = fc.record({ steps: fc.array(step, { minLength: 10, maxLength: 50, size: 'max' }), policy });

/** Three repositories, filled step by step; what a step can't make is left out. */
function fill({ steps, policy: rules }: { steps: readonly Step[]; policy: Policy }): RepositoryInput[] {
  const repositories: ListedManifest[][] = [[], [], []];
  for (const [at, { make, into, on, tag, days, kind, branch }] of steps.entries()) {
    const own = repositories[into] ?? [];
    const chosen = own.length === 0 ? [] : [...new Set(on.map((number) => own[number % own.length]))];
    const present = chosen.filter((manifest) => manifest !== undefined);
    const [first] = present;
    const everywhere = repositories.flat();
    const upstream = everywhere[(on[0] ?? 0) % Math.max(1, everywhere.length)];
    const name = `${into} ${at}`;
    const tags = tag === undefined ? [] : [tag];
    const add = (manifest: ListedManifest): void => {
      // A tag points at one manifest: the newest.
      const free = own.map((other) => ({
        ...other,
        tags: other.tags.filter((known) => !manifest.tags.includes(known)),
      }));
      own.splice(0, own.length, ...free.filter(({ digest }) => digest !== manifest.digest), manifest);
    };
    const built = builtFrom(kind, branch, {
      'org.opencontainers.image.base.digest': days % 4 === 0 ? (upstream?.digest ?? '') : '',
      'org.opencontainers.image.version': days % 3 === 0 ? '' : (tag ?? ''),
      'org.opencontainers.image.created': days % 7 < 4 ? '' : daysAgo(days + 1).toISOString(),
    });
    if (make === 'image') add(image(name, { tags: [...tags, publishedAgo(days, name)], labels: built }));
    else if (make === 'foreign') add(image(name, { tags, labels: {} }));
    else if (first === undefined) continue;
    else if (make === 'index')
      add(index(name, present, { tags: days % 2 === 0 ? tags : [...tags, publishedAgo(days, name)], labels: built }));
    else if (make === 'referrer') add(artifact(name, { subject: first.digest, tags: days % 5 === 0 ? tags : [] }));
    else if (make === 'signature') add(artifact(name, { tags: [`sha256-${first.digest.slice(7)}.sig`] }));
    else if (make === 'list') {
      const referrers = own.filter(({ subject }) => subject === first.digest);
      if (referrers.length > 0) add(index(name, referrers, { tags: [`sha256-${first.digest.slice(7)}`] }));
    } else if (make === 'record') add(record(first, days, { kind, branch, tags }));
    else
      add(hold(first, days % 2 === 0 ? `hold-h${at}` : `hold-until-2026-${days % 3 === 0 ? '11-01' : '12-01'}-h${at}`));
  }
  return repositories.map((manifests, at) =>
    repository(manifests, { name: `r${at}`, policy: rules, rotate: at < 2, mainTags: ['latest'] }),
  );
}

function without(
  inputs: readonly RepositoryInput[],
  gone: ReadonlyMap<string, ReadonlySet<Digest>>,
): RepositoryInput[] {
  return inputs.map((input) => ({
    ...input,
    listing: {
      ...input.listing,
      manifests: input.listing.manifests.filter(({ digest }) => !gone.get(input.listing.repository)?.has(digest)),
    },
  }));
}

/** Carries a plan out. */
function rotate(inputs: readonly RepositoryInput[], retagged?: ReadonlySet<Digest>): RepositoryInput[] {
  const { repositories } = planRotation(inputs, now, retagged);
  const gone = new Map(
    repositories.map((plan) => [plan.repository, new Set(plan.deleted.map(({ digest }) => digest))] as const),
  );
  return without(inputs, gone);
}

/** Everything that a client may ask for who has a manifest: what it lists, its subject, and what refers to it. */
function reachable(start: ListedManifest, manifests: readonly ListedManifest[]): Set<Digest> {
  const reached = new Set<Digest>();
  const queue = [start];
  for (let manifest = queue.pop(); manifest !== undefined; manifest = queue.pop()) {
    if (reached.has(manifest.digest)) continue;
    reached.add(manifest.digest);
    const { digest, children, subject, tags } = manifest;
    const named = tags.flatMap((tag) => /^sha256-([0-9a-f]{64})/.exec(tag)?.[1] ?? []).map((hex) => `sha256:${hex}`);
    const wanted = new Set([...children, ...(subject === undefined ? [] : [subject]), ...named]);
    const signature = `sha256-${digest.slice(7)}`;
    for (const other of manifests)
      if (wanted.has(other.digest) || other.subject === digest || other.tags.some((tag) => tag.startsWith(signature)))
        queue.push(other);
  }
  return reached;
}

function digestsOf({ listing }: RepositoryInput): Set<Digest> {
  return new Set(listing.manifests.map(({ digest }) => digest));
}

function assert(check: (inputs: RepositoryInput[]) => void): void {
  fc.assert(
    fc.property(world, (made) => check(fill(made))),
    { numRuns: 150 },
  );
}

describe('a rotation of any registry', () => {
  it('takes from no kept tag anything that can be reached from it', () => {
    assert((inputs) => {
      for (const [at, after] of rotate(inputs).entries()) {
        const before = inputs[at]?.listing.manifests ?? [];
        const left = digestsOf(after);
        const tagged = after.listing.manifests.filter(({ tags, artifactType }) =>
          tags.some((tag) => !/^(?:p-|sha256-|hold-)/.test(tag) || artifactType === undefined),
        );
        for (const manifest of tagged) for (const digest of reachable(manifest, before)) expect(left).toContain(digest);
      }
    });
  });

  it('deletes nothing when it runs again', () => {
    assert((inputs) => {
      const again = planRotation(rotate(inputs), now);
      expect(again.repositories.flatMap(({ deleted }) => deleted)).toEqual([]);
    });
  });

  it('leaves what is held, with all that can be reached from it', () => {
    assert((inputs) => {
      const after = rotate(inputs);
      for (const [at, { listing }] of inputs.entries()) {
        const left = digestsOf(after[at] ?? repository([]));
        const held = listing.manifests.filter(({ tags }) => tags.some((tag) => /^hold-(?:h|until-2026-12)/.test(tag)));
        for (const manifest of held)
          for (const digest of reachable(manifest, listing.manifests)) expect(left).toContain(digest);
      }
    });
  });

  it('leaves what the main tags point at, and without a rule for it what the pipeline did not make', () => {
    assert((inputs) => {
      const after = rotate(inputs);
      for (const [at, { listing, policy: rules }] of inputs.entries()) {
        const left = digestsOf(after[at] ?? repository([]));
        for (const { tags, digest, labels, kind, subject } of listing.manifests) {
          const foreign = kind === 'image' && labels !== undefined && Object.keys(labels).length === 0;
          const ownTags = tags.length > 0 && subject === undefined;
          if (tags.includes('latest')) expect(left).toContain(digest);
          const recorded = listing.manifests.some((other) => other.children.includes(digest));
          if (foreign && ownTags && !recorded && rules.unlabelled === undefined) expect(left).toContain(digest);
        }
      }
    });
  });

  it('leaves what a build that stays was built on, in whichever repository', () => {
    assert((inputs) => {
      const after = rotate(inputs);
      const before = new Map(inputs.flatMap((input) => [...digestsOf(input)].map((digest) => [digest, input])));
      const left = new Set(after.flatMap((input) => [...digestsOf(input)]));
      for (const { listing, rotate: rotated } of after)
        for (const { labels } of rotated ? listing.manifests : []) {
          const base = labels?.['org.opencontainers.image.base.digest'] ?? '';
          if (before.has(base)) expect(left).toContain(base);
        }
    });
  });

  it('never leaves, wherever it stops, a manifest that refers to one that is gone', () => {
    assert((inputs) => {
      for (const [at, plan] of planRotation(inputs, now).repositories.entries()) {
        const manifests = new Map(inputs[at]?.listing.manifests.map((manifest) => [manifest.digest, manifest]));
        const gone = new Set<Digest>();
        for (const { digest } of plan.deleted) {
          gone.add(digest);
          const referring = [...manifests.values()].filter(
            ({ digest: own, children, subject }) => !gone.has(own) && (children.includes(digest) || subject === digest),
          );
          expect(referring).toEqual([]);
        }
        expect(gone.size).toBe(plan.deleted.length);
      }
    });
  });

  it('is ended by the next one, wherever it stops', () => {
    fc.assert(
      fc.property(world, fc.nat(), (made, pick) => {
        const inputs = fill(made);
        const { repositories } = planRotation(inputs, now);
        const gone = new Map<string, ReadonlySet<Digest>>();
        const marked = inputs.map((input, at): RepositoryInput => {
          const deleted = repositories[at]?.deleted ?? [];
          if (deleted.length === 0) return input;
          const stopped = deleted.slice(0, pick % deleted.length);
          gone.set(input.listing.repository, new Set(stopped.map(({ digest }) => digest)));
          const mark = index(`pending ${at}`, [], {
            artifactType: pendingArtifactType,
            tags: [pendingTag],
            annotations: pendingAnnotations(pendingEntries(deleted)),
          });
          return { ...input, listing: { ...input.listing, manifests: [...input.listing.manifests, mark] } };
        });
        const after = rotate(without(marked, gone));
        // Neither more nor less than what the first one would have left.
        expect(after.map(digestsOf)).toEqual(rotate(inputs).map(digestsOf));
      }),
      { numRuns: 120 },
    );
  });

  it('leaves what got a tag since the listing, with all that can be reached from it', () => {
    fc.assert(
      fc.property(world, fc.nat(), (made, pick) => {
        const inputs = fill(made);
        const doomed = planRotation(inputs, now).repositories.flatMap(({ repository: name, deleted }, at) =>
          deleted.map(({ digest }) => ({ name, digest, at })),
        );
        const chosen = doomed[pick % Math.max(1, doomed.length)];
        if (chosen === undefined) return;
        const listing = inputs[chosen.at]?.listing.manifests ?? [];
        const manifest = listing.find(({ digest }) => digest === chosen.digest) ?? image('none');
        const left = digestsOf(rotate(inputs, new Set([chosen.digest]))[chosen.at] ?? repository([]));
        for (const digest of reachable(manifest, listing)) expect(left).toContain(digest);
      }),
      { numRuns: 120 },
    );
  });

  it('says of each manifest once what becomes of it, whatever the order of the listing', () => {
    fc.assert(
      fc.property(world, fc.nat(), (made, turn) => {
        const inputs = fill(made);
        const turned = inputs.map((input) => {
          const { manifests } = input.listing;
          const cut = turn % Math.max(1, manifests.length);
          return {
            ...input,
            listing: { ...input.listing, manifests: [...manifests.slice(cut), ...manifests.slice(0, cut)] },
          };
        });
        const [plan, other] = [planRotation(inputs, now), planRotation(turned, now)];
        for (const [at, { kept, deleted }] of plan.repositories.entries()) {
          const all = [...kept, ...deleted].map(({ digest }) => digest).sort();
          expect(all).toEqual([...digestsOf(inputs[at] ?? repository([]))].sort());
          const theirs = other.repositories[at]?.deleted.map(({ digest }) => digest).sort();
          expect(theirs).toEqual(deleted.map(({ digest }) => digest).sort());
        }
      }),
      { numRuns: 120 },
    );
  });
});

describe('the random registries', () => {
  it('are ones in which a rotation has something to do and something to leave', () => {
    const sample = fc.sample(world, { numRuns: 200, seed: 7 }).map((made) => planRotation(fill(made), now));
    const deleted = sample.filter(({ repositories }) => repositories.some((plan) => plan.deleted.length > 0));
    const kept = sample.filter(({ repositories }) => repositories.some((plan) => plan.kept.length > 0));
    expect(deleted.length).toBeGreaterThan(100);
    expect(kept.length).toBeGreaterThan(100);
    expect(digestOf('a')).not.toBe(digestOf('b'));
  });
});
