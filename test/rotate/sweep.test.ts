import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { labels } from '../../src/images/index.ts';
import { defaultPolicy } from '../../src/images/retention.ts';
import { type ListedManifest, type Listing, planRotation, type RepositoryInput } from '../../src/retention/index.ts';
import { createRecord, type Deletion, readDeletionRecord, type Store } from '../../src/rotate/index.ts';
import type { Removal } from '../../src/rotate/store.ts';
import { sweep } from '../../src/rotate/sweep.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = new Date('2026-11-23T12:00:00Z');
const digest = (name: string): string => `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0')}`;

function build(name: string, change: Partial<ListedManifest> = {}): ListedManifest {
  return {
    digest: digest(name),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    kind: 'image',
    size: 100,
    children: [],
    layers: [],
    labels: {
      [labels.class]: 'branch',
      [labels.branch]: name,
      [labels.version]: name,
      [labels.created]: '2026-01-01T00:00:00Z',
    },
    tags: [name],
    ...change,
  };
}

const index = { kind: 'index', mediaType: 'application/vnd.oci.image.index.v1+json' } as const;

function input(manifests: readonly ListedManifest[]): RepositoryInput {
  const listing: Listing = { repository: 'r.test/acme/web', manifests };
  return { listing, policy: defaultPolicy, mainTags: ['latest'], rotate: true };
}

interface Scene {
  /** What the store says to the deletion of a manifest, by its name; default: deleted. */
  readonly answers?: Readonly<Record<string, Removal>>;
  /** Names of the manifests that have a new tag at each look. */
  readonly retagged?: readonly (readonly string[])[];
  /** Milliseconds that each deletion takes. */
  readonly pace?: number;
}

async function run(manifests: readonly ListedManifest[], { answers = {}, retagged = [], pace = 0 }: Scene = {}) {
  const removed: string[] = [];
  const looks = [...retagged];
  let time = now.getTime();
  let looked = 0;
  const store: Store = {
    kind: 'registry',
    list: async () => ({ repository: '', manifests: [] }),
    changes: async () => {
      looked += 1;
      return { retagged: new Set((looks.shift() ?? []).map(digest)), requests: 1 };
    },
    versionOf: () => undefined,
    remove: async (_, gone) => {
      time += pace;
      const name = manifests.find((manifest) => manifest.digest === gone)?.tags[0] ?? gone;
      const answer = answers[name] ?? { status: 'deleted' };
      if (answer.status === 'deleted') removed.push(name);
      return answer;
    },
  };
  const inputs = [input(manifests)];
  const plan = planRotation(inputs, now);
  const deletions = plan.repositories.flatMap(({ repository, deleted }) =>
    deleted.map((one): Deletion => ({ ...one, repository, store: 'registry', status: 'planned' })),
  );
  const file = join(folder, 'rotation.json');
  const record = createRecord(file, {
    version: 1,
    run: '',
    startedAt: now.toISOString(),
    dryRun: false,
    deletions,
    leftovers: [],
  });
  const { stopped } = await sweep({
    inputs,
    plan,
    plannedAt: now,
    store: () => store,
    record,
    now: () => time,
    deadline: now.getTime() + 1000,
    signal: new AbortController().signal,
    log: () => {},
  });
  record.flush();
  const statuses = Object.fromEntries(readDeletionRecord(file).deletions.map((one) => [one.tags[0], one.status]));
  return { removed, stopped, statuses, looked };
}

describe('carrying out a plan', () => {
  it('deletes an index before what is in it, and writes each deletion down', async () => {
    const { removed, statuses } = await run([
      build('amd64', { tags: [] }),
      build('list', { ...index, children: [digest('amd64')] }),
    ]);
    expect(removed).toEqual(['list', digest('amd64')]);
    expect(statuses.list).toBe('deleted');
  });

  it('leaves what got a tag since the listing, with everything in it', async () => {
    const { removed, statuses } = await run(
      [build('amd64', { tags: [] }), build('list', { ...index, children: [digest('amd64')] }), build('other')],
      { retagged: [['list']] },
    );
    expect(removed).toEqual(['other']);
    expect(statuses.list).toBe('left');
  });

  it('looks again after some deletions', async () => {
    const many = Array.from({ length: 45 }, (_, at) => build(`b${String(at).padStart(2, '0')}`));
    const { removed, looked, statuses } = await run(many, { retagged: [[], ['b44']] });
    expect(looked).toBe(3);
    expect(removed).toHaveLength(44);
    expect(statuses.b44).toBe('left');
  });

  it.each(['refused', 'failed'] as const)('keeps what is in an index that was %s', async (status) => {
    const { removed, statuses } = await run(
      [build('amd64', { tags: [] }), build('list', { ...index, children: [digest('amd64')] }), build('other')],
      { answers: { list: { status, reason: 'because' } } },
    );
    expect(removed).toEqual(['other']);
    expect(statuses.list).toBe(status);
  });

  it('ends at its time, and leaves the rest to the next run', async () => {
    const { removed, stopped, statuses } = await run([build('a'), build('b'), build('c')], { pace: 600 });
    expect(stopped).toBe('its time is up');
    expect(removed).toHaveLength(2);
    expect(Object.values(statuses).filter((status) => status === 'planned')).toHaveLength(1);
  });

  it('ends where the store takes no more', async () => {
    const limited = { status: 'limited', reason: 'too many requests' } as const;
    const { stopped, statuses } = await run([build('a'), build('b')], { answers: { a: limited, b: limited } });
    expect(stopped).toBe('the store takes no more for now (too many requests)');
    expect(Object.values(statuses)).toEqual(['planned', 'planned']);
  });

  it('ends after five failures in a row', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const answers = Object.fromEntries(names.map((name) => [name, { status: 'failed', reason: 'down' } as const]));
    const { stopped, statuses } = await run(
      names.map((name) => build(name)),
      { answers },
    );
    expect(stopped).toBe('5 deletions in a row failed');
    expect(Object.values(statuses).filter((status) => status === 'planned')).toHaveLength(1);
  });
});

describe('the deletion record', () => {
  it('is there before the first deletion', () => {
    const file = join(folder, 'deep', 'rotation.json');
    createRecord(file, { version: 1, run: 'r', startedAt: '', dryRun: false, deletions: [], leftovers: [] });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1, run: 'r' });
  });

  it('is indented JSON, however many deletions there are', () => {
    const file = join(folder, 'rotation.json');
    const deletion: Deletion = {
      repository: 'ghcr.io/acme/web',
      store: 'registry',
      digest: digest('a'),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      tags: ['one', 'ä'],
      reason: 'a "reason"\nof two lines',
      status: 'planned',
    };
    for (const count of [0, 1, 1000]) {
      const deletions = Array.from({ length: count }, (_, at) => ({ ...deletion, digest: digest(`${at}`) }));
      const record = { version: 1 as const, run: 'r', startedAt: '', dryRun: false, deletions, leftovers: [] };
      createRecord(file, record);
      expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(record, null, 2)}\n`);
    }
  });

  it('is not any other file', () => {
    const file = join(folder, 'rotation.json');
    createRecord(file, { version: 1, run: 'r', startedAt: '', dryRun: false, deletions: [], leftovers: [] });
    expect(() => readDeletionRecord(join(folder, 'gone.json'))).toThrow("gone.json: the deletion record can't be read");
    expect(() => readDeletionRecord(join(import.meta.dirname, '../../package.json'))).toThrow(
      'this file is no deletion record',
    );
  });
});
