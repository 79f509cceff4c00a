import { describe, expect, it } from '@jest/globals';
import { putMinimalImage } from '../../local/registry/minimal-image.ts';
import type { Look } from '../../src/cascade/index.ts';
import { sourceName } from '../../src/fleet/index.ts';
import { parseFleet } from '../../src/github/index.ts';
import { settledShop, shop, worldOf } from './world.ts';

const statesOf = ({ plan }: Look) => Object.fromEntries(plan.images.map(({ name, state }) => [name, state]));
const sentTo = ({ dispatched }: Look) =>
  dispatched.map(({ repository, images, status }) => [repository, images, status]);
const ignored = expect.objectContaining({ message: expect.stringContaining('acme/shop-app has no images.yaml') });

describe('a look at the whole fleet', () => {
  it('finds nothing to do where everything is settled', async () => {
    const world = await settledShop();
    const found = await world.look();
    expect(new Set(Object.values(statesOf(found)))).toEqual(new Set(['settled']));
    expect(found.plan.images).toHaveLength(5);
    expect(found.dispatched).toEqual([]);
    expect(found.errors).toEqual([]);
    expect(found.warnings).toEqual([ignored]);
    expect(world.events).toEqual([]);
    expect(world.github.violations).toEqual([]);
  });

  it('starts at the bottom of an empty registry', async () => {
    const world = await worldOf(shop);
    const found = await world.look();
    expect(sentTo(found)).toEqual([['acme/debian-base', ['debian-base'], 'dispatched']]);
    expect(statesOf(found)).toMatchObject({ nginx: 'waiting', python: 'waiting', 'shop-front': 'waiting' });
    expect(world.events).toMatchObject([
      {
        name: 'repository_dispatch',
        repository: 'acme/debian-base',
        payload: {
          client_payload: {
            cascade: '7',
            depth: 1,
            origin: 'http://github.test/acme/base/actions/runs/7',
            reason: 'debian-base: never published',
            images: ['debian-base'],
          },
        },
      },
    ]);
  });

  it('notices an upstream that changed outside of the fleet', async () => {
    const world = await settledShop();
    await putMinimalImage(world.host, 'library/debian', 'bookworm', { labels: { version: '1' } });
    expect(sentTo(await world.look())).toEqual([['acme/debian-base', ['debian-base'], 'dispatched']]);
  });

  it('notices a commit whose run never came', async () => {
    const world = await settledShop();
    await world.commit('runtime-images', { 'docker/nginx/notes.txt': 'new' });
    expect(sentTo(await world.look())).toEqual([['acme/runtime-images', ['nginx'], 'dispatched']]);
  });

  it('notices a change of what a template includes', async () => {
    const world = await settledShop();
    await world.commit('runtime-images', { 'docker/_shared/base.j2': 'FROM {{ image_spec("debian-base") }}\nRUN :\n' });
    expect(sentTo(await world.look())).toEqual([['acme/runtime-images', ['python', 'nginx'], 'dispatched']]);
  });

  it('only says what it would do on a dry run', async () => {
    const world = await worldOf(shop);
    const found = await world.look({ dryRun: true });
    expect(sentTo(found)).toEqual([['acme/debian-base', ['debian-base'], 'skipped']]);
    expect(world.events).toEqual([]);
  });

  it('goes on with the rest when one repository is gone, one broken and one archived', async () => {
    const world = await settledShop();
    await world.commit('shop-api', { 'images.yaml': 'namespaces: acme\n' });
    await world.github.editRepository('shop-front', { archived: true });
    const found = await world.look({
      fleet: parseFleet(['acme/gone', 'acme/debian-base', 'acme/shop-api', 'acme/shop-front']),
    });
    expect(statesOf(found)).toEqual({ 'debian-base': 'settled' });
    const messages = found.warnings.map(({ message }) => message);
    expect(messages).toContain('acme/gone does not exist, or the token has no access to it');
    expect(messages).toContain("acme/shop-api: images.yaml:1:1: unknown key 'namespaces'");
  });

  it('takes what a published image says that it builds on where its template is broken', async () => {
    const world = await settledShop();
    await world.commit('shop-front', { 'docker/shop-front/Dockerfile.j2': 'FROM {{ nothing }}\n' });
    await world.commit('runtime-images', { 'docker/nginx/new': '' });
    const found = await world.look();
    expect(statesOf(found)).toMatchObject({ nginx: 'ready', 'shop-front': 'waiting', 'shop-api': 'settled' });
  });

  it('does not guess what an image with a broken template builds on that was never published', async () => {
    const world = await worldOf({
      'shop-front': {
        'images.yaml': 'registry: HOST\nnamespace: acme\n',
        'docker/shop-front/Dockerfile.j2': 'FROM {{ nothing }}\n',
      },
    });
    const found = await world.look();
    expect(statesOf(found)).toEqual({ 'shop-front': 'blocked' });
    expect(found.dispatched).toEqual([]);
    expect(found.warnings).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(/acme\/shop-front: docker\/shop-front\/Dockerfile\.j2:1/),
      }),
    );
  });

  it('tells of a repository that it can not start, and starts the others', async () => {
    const world = await settledShop();
    await world.commit('runtime-images', { 'docker/nginx/new': '' });
    await world.commit('shop-api', { 'docker/shop-api/new': '' });
    world.github.faults.add({ path: /runtime-images\/dispatches$/, status: 403, body: { message: 'No' } });
    const found = await world.look();
    expect(sentTo(found)).toEqual([
      ['acme/runtime-images', ['nginx'], 'failed'],
      ['acme/shop-api', ['shop-api'], 'dispatched'],
    ]);
    expect(found.errors).toEqual([
      expect.objectContaining({ message: expect.stringContaining('acme/runtime-images was not told') }),
    ]);
  });

  it('names a cycle as an error', async () => {
    const world = await worldOf({
      a: {
        'images.yaml': 'registry: HOST\nnamespace: acme\n',
        'docker/a/Dockerfile.j2': 'FROM {{ image_spec("b") }}\n',
      },
      b: {
        'images.yaml': 'registry: HOST\nnamespace: acme\n',
        'docker/b/Dockerfile.j2': 'FROM {{ image_spec("a") }}\n',
      },
    });
    const { errors, dispatched } = await world.look();
    const [a, b] = [world.referenceOf('a'), world.referenceOf('b')];
    expect(errors.map(({ message }) => message)).toEqual([
      `these images build on each other in a circle: ${a} → ${b} → ${a}`,
    ]);
    expect(dispatched).toEqual([]);
  });
});

describe('a look after a push', () => {
  const pushed = (world: Awaited<ReturnType<typeof settledShop>>, repository: string, names: string[]) => {
    const references = new Set(names.map(world.referenceOf));
    const self = { repository: `acme/${repository}`, revision: world.head(repository) };
    return { mode: 'after-push' as const, about: references, changed: references, handled: references, self };
  };

  it('starts a repository once for all its images that became ready, and the last parent starts a diamond', async () => {
    const world = await settledShop();
    await world.commit('debian-base', {
      'docker/debian-base/Dockerfile.j2': 'FROM HOST/library/debian:bookworm\nRUN new\n',
    });
    await world.publish('debian-base', 'debian-base');
    const first = await world.look(pushed(world, 'debian-base', ['debian-base']));
    expect(sentTo(first)).toEqual([['acme/runtime-images', ['python', 'nginx'], 'dispatched']]);
    expect(first.plan.images.find(({ name }) => name === 'shop-front')?.reason).toBe(
      'waiting for nginx, and for shop-api',
    );

    await world.publish('runtime-images', 'nginx');
    await world.publish('runtime-images', 'python');
    const second = await world.look(pushed(world, 'runtime-images', ['nginx', 'python']));
    expect(sentTo(second)).toEqual([['acme/shop-api', ['shop-api'], 'dispatched']]);
    expect(statesOf(second)).toMatchObject({ 'shop-front': 'waiting' });

    await world.publish('shop-api', 'shop-api');
    const third = await world.look(pushed(world, 'shop-api', ['shop-api']));
    expect(sentTo(third)).toEqual([['acme/shop-front', ['shop-front'], 'dispatched']]);
    await world.publish('shop-front', 'shop-front');
    expect(sentTo(await world.look())).toEqual([]);
  });

  it('has nothing to start when the content stayed the same', async () => {
    const world = await settledShop();
    await world.commit('debian-base', { 'docker/debian-base/comment.txt': 'x' });
    await world.publish('debian-base', 'debian-base', { keep: true });
    const found = await world.look(pushed(world, 'debian-base', ['debian-base']));
    expect(found.dispatched).toEqual([]);
    expect(statesOf(found)).toMatchObject({ nginx: 'settled', 'shop-front': 'settled' });
  });

  it('makes up for the event of an earlier push that was lost', async () => {
    const world = await settledShop();
    await world.commit('debian-base', { 'docker/debian-base/new': '' });
    await world.publish('debian-base', 'debian-base');
    const question = { ...pushed(world, 'debian-base', ['debian-base']), changed: new Set<string>() };
    expect(sentTo(await world.look(question))).toEqual([['acme/runtime-images', ['python', 'nginx'], 'dispatched']]);
  });

  it('leaves alone what is ready for reasons of its own', async () => {
    const world = await settledShop();
    await world.commit('shop-api', { 'docker/shop-api/new': '' });
    const found = await world.look(pushed(world, 'runtime-images', ['nginx']));
    expect(statesOf(found)).toMatchObject({ 'shop-api': 'ready', 'shop-front': 'waiting' });
    expect(found.dispatched).toEqual([]);
  });

  it('never starts itself again for what it has just handled', async () => {
    const world = await settledShop();
    await world.commit('debian-base', { 'docker/debian-base/new': '' });
    await world.publish('debian-base', 'debian-base');
    const found = await world.look(pushed(world, 'runtime-images', ['nginx', 'python']));
    expect(statesOf(found)).toMatchObject({ nginx: 'ready', python: 'ready' });
    expect(found.dispatched).toEqual([]);
  });

  it('looks at nothing that has no part in it', async () => {
    const world = await settledShop();
    world.registry.requests.length = 0;
    const found = await world.look(pushed(world, 'shop-api', ['shop-api']));
    expect(Object.keys(statesOf(found)).sort()).toEqual(['debian-base', 'nginx', 'python', 'shop-api', 'shop-front']);
    world.registry.requests.length = 0;
    const leaf = await world.look(pushed(world, 'shop-front', ['shop-front']));
    expect(leaf.plan.images).toEqual([]);
    expect(world.registry.requests).toEqual([]);
  });

  it('holds back what builds on an image that failed', async () => {
    const world = await settledShop();
    await world.commit('runtime-images', { 'docker/python/broken': '' });
    await world.publish('runtime-images', 'nginx');
    const question = pushed(world, 'runtime-images', ['nginx', 'python']);
    const found = await world.look({
      ...question,
      handled: new Set([world.referenceOf('nginx')]),
      failed: new Set([world.referenceOf('python')]),
    });
    expect(statesOf(found)).toMatchObject({ python: 'blocked', 'shop-api': 'blocked', 'shop-front': 'blocked' });
    expect(found.dispatched).toEqual([]);
  });
});

describe('a look after a commit in an application repository', () => {
  it('starts the images that it is a source of', async () => {
    const world = await settledShop();
    await world.commit('shop-app', { 'main.py': 'print(1)\n' });
    const source = new Set([sourceName('acme/shop-app', 'main')]);
    const found = await world.look({ mode: 'after-source', about: source, changed: source });
    expect(sentTo(found)).toEqual([['acme/shop-api', ['shop-api'], 'dispatched']]);
    expect(found.plan.images[0]?.reason).toBe('upstream acme/shop-app#main changed');
    expect(statesOf(found)).toMatchObject({ 'shop-front': 'waiting' });
  });
});
