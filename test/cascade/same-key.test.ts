/** The planner and the run that renders have to find the same input key, or a fleet would never come to rest. */
import { describe, expect, it } from '@jest/globals';
import { createGit } from '../../src/git/index.ts';
import type { RunRef } from '../../src/images/records.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { loadRepository, renderImages } from '../../src/render/index.ts';
import { createProcesses } from '../../src/runner/index.ts';
import { settledShop } from './world.ts';

describe('what a run renders', () => {
  it.each(['debian-base', 'runtime-images', 'shop-api', 'shop-front'])(
    'has the input keys by which the planner finds %s settled',
    async (repository) => {
      const world = await settledShop();
      const workspace = world.tree(repository);
      const registry = createRegistry({});
      const event: Omit<RunRef, 'committed'> = {
        event: 'push',
        name: 'main',
        type: 'branch',
        defaultBranch: 'main',
        isDefaultBranch: true,
        fork: false,
        revision: world.head(repository),
        repository: `acme/${repository}`,
        url: '',
        runId: '1',
        runUrl: '',
      };
      const git = createGit(createProcesses(), { workspace, serverUrl: world.github.url, token: world.github.token });
      const config = loadRepository(workspace, 'images.yaml');
      const folder = await world.folder();
      const { images } = await renderImages({ config, images: config.images, workspace, folder, event, git, registry });
      const { plan } = await world.look();
      for (const { repository: path, keys } of images) {
        const tagged = await registry.head(path, `i-${keys?.input}`);
        expect(tagged?.digest).toBe((await registry.head(path, 'latest'))?.digest);
      }
      expect(plan.images.every(({ state }) => state === 'settled')).toBe(true);
      expect(images.length).toBeGreaterThan(0);
    },
  );
});
