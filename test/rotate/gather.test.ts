import { describe, expect, it } from '@jest/globals';
import { createGitHub, parseFleet } from '../../src/github/index.ts';
import { ProblemsError } from '../../src/problems.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { gather, selectForRotation } from '../../src/rotate/gather.ts';
import { changeHolds, readFleet, type Selection, type Store } from '../../src/rotate/index.ts';
import { outputsOf, warningsOf } from '../../src/rotate/outputs.ts';
import { repositoryWith, scene } from '../local-github/support.ts';
import { imageRepository } from './config.ts';

const own = imageRepository('r.test', ['web', 'api']);
const base = imageRepository('r.test', ['base'], { repository: 'acme/base' });

async function selected(change: Partial<Selection>): Promise<string[]> {
  const images = await selectForRotation({ own, fleet: [base], scope: 'repository', images: [], ...change });
  return images.map(({ image, rotate }) => `${image.name}${rotate ? '' : ' looked at'}`);
}

describe('the images of a rotation', () => {
  it('are those of this repository; the rest of the fleet is looked at', async () => {
    expect(await selected({})).toEqual(['api', 'web', 'base looked at']);
  });

  it('are those that a pattern fits', async () => {
    expect(await selected({ images: ['w*'] })).toEqual(['api looked at', 'web', 'base looked at']);
    await expect(selected({ images: ['base'] })).rejects.toThrow("there is no image 'base'");
  });

  it('are those of the whole fleet', async () => {
    expect(await selected({ scope: 'fleet' })).toEqual(['api', 'web', 'base']);
    expect(await selected({ scope: 'fleet', own: undefined })).toEqual(['base']);
  });

  it('are listed all, or none is rotated', async () => {
    const store: Store = {
      kind: 'registry',
      list: async (repository) => {
        if (repository.endsWith('/web')) throw new ProblemsError([{ message: 'the page is torn' }]);
        return { repository, manifests: [] };
      },
      changes: async () => ({ retagged: new Set(), requests: 1 }),
      versionOf: () => undefined,
      remove: async () => ({ status: 'deleted' }),
    };
    const images = await selectForRotation({ own, fleet: [], scope: 'repository', images: [] });
    await expect(
      gather(
        images,
        () => store,
        () => {},
      ),
    ).rejects.toThrow('the page is torn');
  });
});

describe('the fleet of a rotation', () => {
  it('is read from the default branches', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'base', {
      'images.yaml': 'namespace: acme\n',
      'docker/base/Dockerfile.j2': 'FROM x\n',
    });
    const { apiUrl, graphqlUrl, token } = stage.github;
    const github = createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1 });
    const [found, ...more] = await readFleet(github, parseFleet(['acme/base']));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ repository: 'acme/base', defaultBranch: 'main' });
    expect(found?.config.images.map(({ repository }) => repository)).toEqual(['ghcr.io/acme/base']);
  });

  it('stops the rotation where a part of it cannot be read', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'broken', { 'images.yaml': 'namespace: [\n' });
    const { apiUrl, graphqlUrl, token } = stage.github;
    const github = createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1 });
    const failure = await readFleet(github, parseFleet(['acme/broken', 'acme/gone'])).catch((error: unknown) => error);
    expect(String(failure)).toContain('acme/broken');
    expect(String(failure)).toContain('acme/gone does not exist, or the token has no access to it');
  });
});

describe('changing marks', () => {
  const request = { name: undefined, until: undefined, reason: '', by: 'ada', run: '', now: new Date(0) };
  const means = {
    registry: createRegistry({ retries: 0 }),
    store: () => {
      throw new Error('no store is needed');
    },
    log: () => {},
  };

  it('needs to know what to hold, and why', async () => {
    const builds = { own, texts: [], defaultBranch: 'main' };
    await expect(changeHolds('hold', builds, means, request)).rejects.toThrow("input 'images' is empty");
    await expect(changeHolds('hold', { ...builds, texts: ['web'] }, means, request)).rejects.toThrow(
      "input 'reason' is empty; say why the build has to stay",
    );
  });
});

describe('what a rotation tells', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const rotation = {
    dryRun: false,
    plan: { repositories: [] },
    rotated: new Set<string>(),
    deletions: [
      {
        repository: 'r.test/acme/web',
        store: 'packages',
        digest,
        mediaType: '',
        tags: [],
        reason: '',
        status: 'refused',
        problem: 'more than 5000 downloads',
      },
    ],
    leftovers: [],
    stopped: 'its time is up',
    refused: [],
    problems: [],
  } as const;

  it('is whether something is left to the next run', () => {
    expect(outputsOf(rotation)).toEqual({ deleted: 0, kept: 0, 'bytes-freed': 0, complete: false, holds: [] });
  });

  it('warns of what can never be deleted, and of an early end', () => {
    expect(warningsOf(rotation).map(({ message }) => message)).toEqual([
      'the rotation ended early: its time is up',
      `r.test/acme/web@${digest.slice(0, 19)} can't be deleted: more than 5000 downloads`,
    ]);
  });
});
