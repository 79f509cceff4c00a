/** How much a look asks. */
import { describe, expect, it } from '@jest/globals';
import { createFacts, type Facts } from '../../src/cascade/index.ts';
import { settledShop, type World } from './world.ts';

const images = 5;

/** What a look asks the registry for and GitHub for. */
async function asked(world: World, look: () => Promise<unknown>): Promise<{ registry: string[]; github: string[] }> {
  world.registry.requests.length = 0;
  world.github.requests.length = 0;
  await look();
  return {
    registry: world.registry.requests.map(({ method, path }) => `${method} ${path.replace(/^\/v2\//, '')}`),
    github: world.github.requests.map(({ operation = '' }) => operation),
  };
}

describe('the requests of a look', () => {
  it('are two for an image and one for an upstream outside, none of them with a body, once facts are known', async () => {
    const world = await settledShop();
    const facts = createFacts();
    await world.look({}, { facts });
    const { registry, github } = await asked(world, () => world.look({}, { facts }));
    expect(registry).toHaveLength(images * 2 + 1);
    expect(registry.every((request) => request.startsWith('HEAD '))).toBe(true);
    expect(github).toEqual(['Fleet', 'Branches']);
  });

  it('fetch what a tag points at in one request when it was never seen', async () => {
    const world = await settledShop();
    const { registry } = await asked(world, () => world.look());
    // These images are no indexes, so each has a configuration besides its manifest.
    expect(registry.filter((request) => request.startsWith('GET acme/'))).toHaveLength(images * 2);
    expect(registry.filter((request) => request.startsWith('HEAD acme/'))).toHaveLength(images);
    expect(new Set(registry).size).toBe(registry.length);
  });

  it('are for the images that have a say alone', async () => {
    const world = await settledShop();
    const facts: Facts = createFacts();
    await world.look({}, { facts });
    const about = new Set([world.referenceOf('nginx')]);
    await world.commit('shop-front', { 'docker/shop-front/new': '' });
    const { registry } = await asked(world, () => world.look({ mode: 'after-push', about }, { facts }));
    expect(registry.every((request) => request.startsWith('HEAD '))).toBe(true);

    const leaf = new Set([world.referenceOf('shop-front')]);
    expect((await asked(world, () => world.look({ mode: 'after-push', about: leaf }, { facts }))).registry).toEqual([]);
  });

  it('read of git only what changed', async () => {
    const world = await settledShop();
    const facts = createFacts();
    await world.look({}, { facts });
    await world.commit('shop-api', { 'docker/shop-api/new': '' });
    const { github } = await asked(world, () => world.look({ dryRun: true }, { facts }));
    expect(github.toSorted()).toEqual([
      'Branches',
      'Contents',
      'Fleet',
      'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
      'Objects',
      'Workflows',
    ]);
  });
});
