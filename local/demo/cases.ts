/** The cases of the demo: what a maintainer does, and the figures that must come of it. */
import { pullProblems, tagsOf } from '../registry/pull.ts';
import { applicationRepository, imageRepositories, type World } from '../world/index.ts';
import type { Observation } from './observe.ts';

/** Digest of each image's main tag; absent when it has not been published. */
export type Digests = Readonly<Record<string, string | undefined>>;

export interface Moment {
  readonly seen: Observation;
  readonly before: Digests;
  readonly after: Digests;
  /** Digests before each earlier case, by its letter. */
  readonly history: Readonly<Record<string, Digests>>;
}

export interface Case {
  readonly letter: string;
  readonly title: string;
  act(world: World): Promise<unknown>;
  /** What is wrong with what came of it, in words; empty when all figures hold. */
  judge(moment: Moment): string[];
  /** What is wrong in the registry afterwards. */
  look?(world: World): Promise<string[]>;
}

export const images = ['debian-base', 'nginx', 'python', 'shop-api', 'shop-front'] as const;

const nginxConfiguration = 'docker/nginx/nginx.conf';

/** What each of the branches adds to the configuration. */
const branches = { zip: 'gzip on', 'no-log': 'access_log off' };

export const cases: readonly Case[] = [
  {
    letter: 'a',
    title: 'empty registry to full fleet',
    async act({ workTrees }) {
      for (const repository of [applicationRepository, ...imageRepositories]) await workTrees.create(repository);
    },
    judge: ({ seen, after }) => [
      ...same('builds', seen.builds, images),
      ...same('tests', seen.tests, images),
      ...same('published', seen.published, images),
      ...images.filter((image) => after[image] === undefined).map((image) => `${image} is not in the registry`),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'b',
    title: 'a package added in debian-base',
    act: ({ workTrees }) =>
      workTrees.commit('debian-base', 'Add network names', {
        'images.yaml': (text) => text.replace('[ca-certificates]', '[ca-certificates, netbase]'),
      }),
    judge: ({ seen, before, after }) => [
      ...same('builds', seen.builds, images),
      ...same('published', seen.published, images),
      ...images.filter((image) => before[image] === after[image]).map((image) => `${image} has not changed`),
      // One dispatch a repository, and shop-front's only after both of its parents.
      ...same('dispatches', seen.dispatches, ['acme/runtime-images', 'acme/shop-api', 'acme/shop-front']),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'c',
    title: "a comment changed in debian-base's template",
    act: ({ workTrees }) =>
      workTrees.commit('debian-base', 'Explain the base', {
        'docker/debian-base/Dockerfile.j2': (text) => text.replace('# The ground', '# The common ground'),
      }),
    judge: ({ seen, before, after }) => [
      ...(seen.builds.every((image) => image === 'debian-base') && seen.builds.length <= 1
        ? []
        : [`builds: ${words(seen.builds)}, not debian-base at most`]),
      ...same('published', seen.published, []),
      ...same('dispatches', seen.dispatches, []),
      ...unchanged(before, after),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'd',
    title: 'a commit whose integration test fails',
    act: ({ workTrees }) =>
      workTrees.commit('runtime-images', 'Listen elsewhere', {
        [nginxConfiguration]: (text) => text.replace('listen 8080', 'listen 8081'),
      }),
    judge: ({ seen, before, after }) => [
      ...same('builds', seen.builds, ['nginx']),
      ...same('published', seen.published, []),
      ...same('dispatches', seen.dispatches, []),
      ...same('failed runs', seen.failedRuns, ['acme/runtime-images']),
      ...unchanged(before, after),
    ],
  },
  {
    letter: 'd′',
    title: 'that commit reverted',
    act: ({ workTrees }) => workTrees.revert('runtime-images'),
    judge: ({ seen, before, after }) => [
      ...same('builds', seen.builds, []),
      ...same('tests', seen.tests, []),
      ...unchanged(before, after),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'e',
    title: 'a commit in shop-app',
    act: ({ workTrees }) =>
      workTrees.commit(applicationRepository, 'Sell cups', {
        'shop/server.py': (text) => text.replace('{"id": 2, "name": "Teapot"}', '{"id": 2, "name": "Cup"}'),
        'shop/openapi.json': (text) => text.replace('"version": "1"', '"version": "2"'),
      }),
    judge: ({ seen }) => [
      ...same('builds', seen.builds, ['shop-api', 'shop-front']),
      ...same('published', seen.published, ['shop-api', 'shop-front']),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'f',
    title: 'that commit reverted',
    act: ({ workTrees }) => workTrees.revert(applicationRepository),
    judge: ({ seen, after, history }) => [
      ...same('builds', seen.builds, []),
      ...same('tests', seen.tests, []),
      ...(seen.pulls === 0 ? [] : [`pulls: ${seen.pulls} layers, not 0`]),
      ...same('published', seen.published, ['shop-api', 'shop-front']),
      ...unchanged(history.e ?? {}, after),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'g',
    title: 'a branch of runtime-images',
    act: ({ workTrees }) =>
      workTrees.commit(
        'runtime-images',
        'Hide the version',
        { [nginxConfiguration]: (text) => text.replace('listen 8080;', 'listen 8080;\n    server_tokens off;') },
        'hide-version',
      ),
    judge: ({ seen, before, after }) => [
      ...same('builds', seen.builds, ['nginx']),
      ...same('tests', seen.tests, ['nginx']),
      ...same('dispatches', seen.dispatches, []),
      ...unchanged(before, after),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'g′',
    title: 'that branch merged',
    act: ({ workTrees }) => workTrees.merge('runtime-images', 'hide-version'),
    judge: ({ seen }) => [
      // No build of what was merged; what stands on it follows.
      ...same('builds', seen.builds, ['shop-front']),
      ...same('tests', seen.tests, ['shop-front']),
      ...same('published', seen.published, ['nginx', 'shop-front']),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'h',
    title: 'only a test file changed',
    act: ({ workTrees }) =>
      workTrees.commit('runtime-images', 'Test the exit status', {
        'docker/python/tests.yaml': (text) =>
          `${text}  - command:\n      run: [python3, -c, 'raise SystemExit(3)']\n      status: 3\n`,
      }),
    judge: ({ seen, before, after }) => [
      ...same('builds', seen.builds, []),
      ...same('tests', seen.tests, ['python']),
      ...unchanged(before, after),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'i',
    title: 'a pull request from a fork',
    act: ({ workTrees }) =>
      workTrees.proposeFromFork(
        'shop-front',
        'Greet',
        { 'docker/shop-front/site/index.html.j2': (text) => text.replace('<p>What', '<p>Welcome. What') },
        'greet',
      ),
    judge: ({ seen, before, after }) => [
      ...same('builds', seen.builds, ['shop-front']),
      ...same('tests', seen.tests, ['shop-front']),
      ...same('dispatches', seen.dispatches, []),
      ...(seen.writes === 0 ? [] : [`writes to the registry: ${seen.writes}, not 0`]),
      ...unchanged(before, after),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'j',
    title: 'two more branches of runtime-images',
    async act({ workTrees }) {
      for (const [branch, line] of Object.entries(branches))
        await workTrees.commit(
          'runtime-images',
          `Try ${branch}`,
          { [nginxConfiguration]: (text) => text.replace('listen 8080;', `listen 8080;\n    ${line};`) },
          branch,
        );
    },
    judge: ({ seen, before, after }) => [
      ...same('builds', seen.builds, ['nginx', 'nginx']),
      ...same('dispatches', seen.dispatches, []),
      ...unchanged(before, after),
      ...noFailure(seen),
    ],
  },
  {
    letter: 'k',
    title: 'the build of one of them held',
    act: ({ dispatch }) =>
      dispatch('acme/runtime-images', 'rotate.yml', {
        mode: 'hold',
        images: 'nginx:no-log',
        reason: 'The operators compare it with the next one',
      }),
    judge: ({ seen, before, after }) => [
      ...same('builds', seen.builds, []),
      ...unchanged(before, after),
      ...noFailure(seen),
    ],
    look: async ({ registry }) => {
      const tags = await tagsOf(registry.host, 'acme/nginx');
      return tags.some((tag) => tag.startsWith('hold-maintainer-')) ? [] : ['nginx has no mark'];
    },
  },
  {
    letter: 'l',
    title: 'eight days later, a rotation',
    async act({ passDays, schedule }) {
      passDays(8);
      await schedule('acme/runtime-images', '43 4 * * *');
    },
    judge: ({ seen, before, after }) => [
      ...same('builds', seen.builds, []),
      ...unchanged(before, after),
      ...noFailure(seen),
    ],
    async look({ registry }) {
      const tags = await tagsOf(registry.host, 'acme/nginx');
      const there = (tag: string): boolean => tags.includes(tag);
      const whole = await Promise.all(
        images.map(async (image) => {
          const repository = `acme/${image}`;
          return pullProblems(registry.host, repository, await tagsOf(registry.host, repository));
        }),
      );
      return [
        ...(there('zip') ? ['nginx:zip is still there'] : []),
        ...['no-log', 'latest'].filter((tag) => !there(tag)).map((tag) => `nginx:${tag} is gone`),
        ...(tags.some((tag) => tag.startsWith('hold-maintainer-')) ? [] : ['the mark of nginx:no-log is gone']),
        ...whole.flat(),
      ];
    },
  },
];

function same(what: string, seen: readonly string[], expected: readonly string[]): string[] {
  const sorted = [...expected].sort();
  return seen.join() === sorted.join() ? [] : [`${what}: ${words(seen)}, not ${words(sorted)}`];
}

function unchanged(before: Digests, after: Digests): string[] {
  return images
    .filter((image) => before[image] !== after[image])
    .map((image) => `${image} is ${after[image]}, not ${before[image]} as before`);
}

function noFailure({ failedRuns, errors }: Observation): string[] {
  return [...failedRuns.map((run) => `a run of ${run} failed`), ...errors];
}

export function words(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.join(', ');
}
