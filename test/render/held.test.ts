/** What a run leaves alone because its turn has not come. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HeldRecord, RenderedImage } from '../../src/images/records.ts';
import { imageNamed, startWorld, type World } from './fleet-repository.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const held: HeldRecord = { images: [{ name: 'web', reason: 'waiting for other' }] };

/** `web` on top of `base`, both built and published as they are, and then a commit to `changes`. */
async function repository(namespace: string, changes: Readonly<Record<string, string>>): Promise<string> {
  const path = `${world.host}/${namespace}`;
  const workspace = await world.commit(namespace, {
    'images.yaml': `registry: ${world.host}\nnamespace: ${namespace}\n`,
    'docker/base/Dockerfile.j2': 'FROM scratch\nLABEL a=1\n',
    'docker/web/Dockerfile.j2': `FROM ${path}/base:latest\n`,
  });
  for (const name of ['base', 'web']) {
    const { keys } = imageNamed(await world.render(workspace), name);
    const digest = await world.publish(`${namespace}/${name}`, `k-${keys?.build}`, name);
    await world.registry.tag(`${path}/${name}`, digest, 'latest');
  }
  return world.commit(namespace, changes);
}

async function web(workspace: string, event: string, record: HeldRecord): Promise<RenderedImage> {
  return imageNamed(await world.render(workspace, { ref: { event }, held: record }), 'web');
}

const newBase = { 'docker/base/Dockerfile.j2': 'FROM scratch\nLABEL a=2\n' };

describe('an image that waits for another repository', () => {
  it.each(['push', 'repository_dispatch'])('is left alone where only its upstreams change: %s', async (event) => {
    const workspace = await repository(`behind-${event.slice(0, 4)}`, newBase);
    expect(await web(workspace, event, { images: [] })).toMatchObject({ waiting: false, build: { needed: true } });
    expect(await web(workspace, event, held)).toMatchObject({ waiting: true, build: { reason: 'waiting for other' } });
  });

  it('is built at once by the push that changes it', async () => {
    const namespace = 'changed';
    const workspace = await repository(namespace, {
      ...newBase,
      'docker/web/Dockerfile.j2': `FROM ${world.host}/${namespace}/base:latest\nLABEL b=1\n`,
    });
    expect(await web(workspace, 'push', held)).toMatchObject({ waiting: false, build: { needed: true } });
    expect(await web(workspace, 'repository_dispatch', held)).toMatchObject({ waiting: true });
  });
});

describe('an image on top of one that has failed for long', () => {
  it('is built on what is published of it', async () => {
    const workspace = await repository('last-good', newBase);
    const found = await web(workspace, 'repository_dispatch', { images: [], lastGood: ['base'] });
    expect(found.upstreams).toMatchObject([{ kind: 'image', platforms: { 'linux/amd64': expect.any(String) } }]);
    // Nothing else changed, so what was built from this is there.
    expect(found).toMatchObject({ waiting: false, build: { needed: false } });
  });
});
