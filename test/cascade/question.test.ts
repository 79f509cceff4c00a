import { describe, expect, it } from '@jest/globals';
import { questionOf, reasonToStay, type Settings, scopeAfterPush } from '../../src/cascade/index.ts';
import { defaultPolicy } from '../../src/fleet/index.ts';
import type { BuiltImage, PushedImage, RenderedImage, RunRef, TestedImage } from '../../src/images/records.ts';
import { runRef } from '../records.ts';

const ref = runRef({ repository: 'acme/web', revision: 'c0ffee', committed: 0 });

describe('reasonToStay', () => {
  const branch = { ...ref, name: 'next', isDefaultBranch: false };
  const tag: RunRef = { ...branch, name: 'v1', type: 'tag' };
  const pull: RunRef = { ...branch, type: 'pull-request' };

  it('lets the default branch start a cascade', () => {
    expect(reasonToStay(ref, 'after-push')).toBeUndefined();
  });

  it.each([
    ['another branch', branch, /^Only the default branch 'main'.*branch 'next'/],
    ['a tag', tag, /tag 'v1'/],
    ['a pull request', pull, /publishes nothing/],
  ])('keeps %s from it', (_, run, reason) => {
    expect(reasonToStay(run, 'after-push')).toMatch(reason);
  });

  it('waits before a build in runs that were pushed to the default branch, dispatched or scheduled', () => {
    for (const event of ['push', 'repository_dispatch', 'schedule'])
      expect(reasonToStay({ ...ref, event }, 'before-build')).toBeUndefined();
    // The event of a schedule does not say which branch is the default.
    expect(reasonToStay({ ...branch, event: 'schedule' }, 'before-build')).toBeUndefined();
    expect(reasonToStay(branch, 'before-build')).toMatch(/branch 'next' does not/);
    expect(reasonToStay({ ...ref, event: 'workflow_dispatch' }, 'before-build')).toMatch(
      /'workflow_dispatch' does not/,
    );
  });

  it('shows a preview of pull requests alone', () => {
    expect(reasonToStay(pull, 'preview')).toBeUndefined();
    expect(reasonToStay(ref, 'preview')).toBeDefined();
  });

  it('lets any branch of an application repository start one, but no pull request', () => {
    expect(reasonToStay(branch, 'after-source')).toBeUndefined();
    expect(reasonToStay(pull, 'after-source')).toBeDefined();
  });
});

describe('scopeAfterPush', () => {
  const image = (name: string): RenderedImage => ({
    name,
    repository: `ghcr.io/acme/${name}`,
    tags: ['latest', '1.0'],
    mainReference: `ghcr.io/acme/${name}:latest`,
    template: `docker/${name}/Dockerfile.j2`,
    dockerfile: '',
    context: '',
    buildArgs: {},
    platforms: ['linux/amd64'],
    upstreams: [],
    material: { input: { objects: {} }, build: { dockerfile: '', context: '', buildArgs: {}, platforms: [] } },
    waiting: false,
    build: { needed: true, reason: '' },
    test: { needed: true, reason: '' },
  });
  const pushed = (name: string, status: PushedImage['status'], changed = false): PushedImage => ({
    name,
    status,
    reason: '',
    reference: `ghcr.io/acme/${name}:latest`,
    tags: [],
    changed,
  });
  const built = (name: string, status: BuiltImage['status']): BuiltImage => ({ name, status, reason: '' });
  const tested = (name: string, status: TestedImage['status']): TestedImage => ({
    name,
    status,
    reason: '',
    checks: [],
  });
  const references = (...names: string[]) => new Set(names.map((name) => `ghcr.io/acme/${name}:latest`));

  it('asks about every image of the run, and knows what became of each', () => {
    const names = ['new', 'same', 'unbuilt', 'untested', 'unclean', 'waiting'];
    const scope = scopeAfterPush({
      render: { ref, registry: 'ghcr.io', namespace: 'acme', copies: [], images: names.map(image) },
      push: {
        images: [
          pushed('new', 'published', true),
          pushed('same', 'unchanged'),
          pushed('unbuilt', 'refused'),
          pushed('untested', 'refused'),
          pushed('unclean', 'refused'),
          pushed('waiting', 'waiting'),
        ],
      },
      spec: { images: [tested('unclean', 'failed'), tested('new', 'passed')] },
      build: { images: [built('unbuilt', 'failed'), built('new', 'built')] },
      integration: { images: [tested('untested', 'failed')] },
    });
    expect(scope).toEqual({
      about: references(...names),
      changed: references('new'),
      handled: references('new', 'same'),
      failed: references('unbuilt', 'untested', 'unclean'),
      self: { repository: 'acme/web', revision: 'c0ffee' },
    });
  });
});

describe('questionOf', () => {
  const settings: Settings = {
    fleet: ['acme/base', 'acme topic:images'],
    images: [],
    force: false,
    eventType: 'image-cascade',
    dryRun: false,
    maxDispatches: 9,
    maxHold: 60_000,
    baseBranch: undefined,
    payload: undefined,
  };
  const listed = [
    { kind: 'repository', repository: 'acme/base' },
    { kind: 'owner', owner: 'acme', topic: 'images' },
  ];
  const own = { kind: 'repository', repository: 'acme/web' };

  it('looks at the whole fleet on a reconcile', () => {
    const { ref: _, ...question } = questionOf('reconcile', ref, {}, settings);
    expect(question).toEqual({
      mode: 'reconcile',
      fleet: listed,
      images: [],
      force: false,
      origin: { cascade: '1', depth: 0, origin: ref.runUrl },
      eventType: 'image-cascade',
      dryRun: false,
      maxDispatches: 9,
      policy: { ...defaultPolicy, maxHold: 60_000 },
    });
  });

  it('looks at this repository where nothing is listed', () => {
    expect(questionOf('reconcile', ref, {}, { ...settings, fleet: [] }).fleet).toEqual([own]);
  });

  it.each(['after-push', 'before-build', 'preview'] as const)('counts this repository to the fleet: %s', (mode) => {
    expect(questionOf(mode, ref, {}, settings).fleet).toEqual([own, ...listed]);
  });

  it('forces nothing but by hand', () => {
    expect(() => questionOf('reconcile', ref, {}, { ...settings, force: true })).toThrow(/'force'.*mode: manual/);
  });

  it('looks at what an application repository goes into, which holds no image itself', () => {
    const source = new Set(['acme/app#main']);
    const question = questionOf('after-source', { ...ref, repository: 'Acme/app' }, {}, settings);
    expect(question).toMatchObject({ fleet: listed, about: source, changed: source });
  });

  it('needs to know where the images of an application repository are', () => {
    expect(() => questionOf('after-source', ref, {}, { ...settings, fleet: [] })).toThrow(/'fleet' is empty/);
  });
});
