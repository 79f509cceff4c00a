/** The cases: what happens, and what must come of it. */
import { untilTrue } from '../processes/index.ts';
import { owner, type World } from '../world/index.ts';
import { filesOf, images, lookout, lookoutFiles, repositories, topic } from './fleet.ts';
import type { Outcome } from './run-cases.ts';

export interface Case {
  readonly title: string;
  act(world: World, losses: Losses): Promise<unknown>;
  /** What is wrong with what came of it, in words. */
  judge(outcome: Outcome): string[];
}

/** Repositories whose next `repository_dispatch` gets lost. */
export type Losses = Set<string>;

const content = (value: string) => ({
  'images.yaml': (text: string) => text.replace(/content: '.*'/, `content: '${value}'`),
});

const lookoutName = `${owner}/${lookout}`;

export const cases: readonly Case[] = [
  {
    title: 'a fleet that is found by its topic comes out of nothing, each image built once',
    async act({ workTrees }) {
      for (const name of repositories) await workTrees.createFrom(name, await filesOf(name), [topic]);
      await workTrees.createFrom(lookout, await lookoutFiles());
    },
    judge: ({ seen, settled }) => [...same('builds', seen.builds, images), ...ended(seen), ...settled],
  },
  {
    title: 'two roots change at once: each image is built once, and none before its turn',
    act: ({ workTrees }) =>
      Promise.all([
        workTrees.commit('base-a', 'Change', content('1')),
        workTrees.commit('base-b', 'Change', content('1')),
      ]),
    judge: ({ seen, settled, summaries }) => [
      ...same('builds', seen.builds, images),
      ...ended(seen),
      ...settled,
      ...has(
        'the run for the image that is ready',
        summaries,
        /Before the build: 1 image not built in this run[\s\S]*`mixed-late` \| waiting for/,
      ),
    ],
  },
  {
    title: 'an event gets lost',
    async act({ workTrees }, losses) {
      losses.add(`${owner}/mixed`);
      await workTrees.commit('base-b', 'Change', content('2'));
    },
    judge: ({ seen, settled }) => [
      ...same('builds', seen.builds, ['base-b']),
      ...ended(seen),
      ...(settled.length === 1 ? [] : ['mixed-early is up to date, although nobody told its repository']),
    ],
  },
  {
    title: 'a reconcile heals it, and says why the image has to be rebuilt',
    act: ({ schedule }) => schedule(lookoutName),
    judge: ({ seen, settled, summaries }) => [
      ...same('builds', seen.builds, ['mixed-early']),
      ...same('dispatches', seen.dispatches, [`${owner}/mixed`]),
      ...ended(seen),
      ...settled,
      ...has('the reconcile', summaries, /upstream base-b changed sha256:\w+… → sha256:\w+…/),
    ],
  },
  {
    title: 'two parents finish at the same moment',
    async act({ workTrees, github, registry, settled }) {
      const before = (await registry.requests()).length;
      const published = async (): Promise<number> => {
        const paths = (await registry.requests())
          .slice(before)
          .flatMap(({ method, path }) => (method === 'PUT' ? [path] : []));
        return ['left', 'right'].filter((name) => paths.includes(`/v2/${owner}/${name}/manifests/latest`)).length;
      };
      // A look that comes after one parent was published waits for the other, so that both see both.
      const together = async (): Promise<void> => {
        if ((await published()) !== 1) return;
        await untilTrue(async () => (await published()) === 2, { what: 'the other parent', timeoutMs: 30_000 }).catch(
          () => {},
        );
      };
      github.faults.add({ path: /\/graphql$/, times: Number.POSITIVE_INFINITY, until: together });
      await Promise.all([
        workTrees.commit('left', 'Change', content('3')),
        workTrees.commit('right', 'Change', content('3')),
      ]);
      const finished = await settled();
      github.faults.clear();
      return finished;
    },
    judge: ({ seen, settled }) => [
      ...same('builds', seen.builds, ['left', 'right', 'both', 'mixed-late']),
      ...ended(seen),
      ...settled,
    ],
  },
  {
    title: 'an image fails: it holds up what is built on it, and is tried again at once',
    async act({ workTrees, schedule, settled }) {
      await workTrees.commit('right', 'Break', {
        'docker/right/tests.yaml': 'checks:\n  - file: { path: /none, exists: true }\n',
      });
      const first = await settled();
      await schedule(lookoutName);
      return first;
    },
    judge: ({ seen, summaries }) => [
      ...same('dispatches', seen.dispatches, [`${owner}/right`]),
      ...same('failed runs', seen.failedRuns, [`${owner}/right`, `${owner}/right`]),
      ...same('published', seen.published, []),
      ...has('the reconcile', summaries, /`right` holds up 2 images/),
    ],
  },
  {
    title: 'the next attempt is an hour later',
    act: ({ schedule }) => schedule(lookoutName),
    judge: ({ seen, summaries }) => [
      ...same('dispatches', seen.dispatches, []),
      ...ended(seen),
      ...has('the reconcile', summaries, /`right` \| `acme\/right` \| ⛔&nbsp;blocked/),
    ],
  },
  {
    title: 'the failing commit is reverted: nothing has to be built',
    act: ({ workTrees }) => workTrees.revert('right'),
    judge: ({ seen, settled }) => [...same('builds', seen.builds, []), ...ended(seen), ...settled],
  },
  {
    title: 'a pull request shows what merging it would rebuild, and rebuilds nothing else',
    act: ({ workTrees }) => workTrees.proposeFromFork('base-a', 'Propose', content('4'), 'propose'),
    judge: ({ seen, settled, summaries }) => [
      ...same('builds', seen.builds, ['base-a']),
      ...same('dispatches', seen.dispatches, []),
      ...same('published', seen.published, []),
      ...ended(seen),
      ...settled,
      ...has(
        'the preview',
        summaries,
        /Preview: merging this rebuilds 5 images in 5 repositories, 4 levels deep, in about/,
      ),
    ],
  },
  {
    title: 'somebody forces an image that is up to date',
    act: ({ github }) => startByHand(github, { images: 'lef*', force: true }),
    judge: ({ seen, settled }) => [
      ...same('builds', seen.builds, ['left']),
      ...same('dispatches', seen.dispatches, []),
      ...ended(seen),
      ...settled,
    ],
  },
  {
    title: "a dependent's repository is deleted: the others go on",
    async act({ workTrees, github }) {
      await github.deleteRepository(`${owner}/mixed`);
      await workTrees.commit('base-a', 'Change', content('5'));
      await workTrees.commit('base-b', 'Change', content('5'));
    },
    judge: ({ seen, settled, warnings }) => [
      ...same('builds', seen.builds, ['base-a', 'base-b', 'left', 'right', 'both']),
      ...ended(seen),
      ...settled,
      ...has('a warning', warnings, /acme\/mixed does not exist/),
    ],
  },
];

async function startByHand(
  { apiUrl, token }: World['github'],
  inputs: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await fetch(`${apiUrl}/repos/${lookoutName}/actions/workflows/cascade.yml/dispatches`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'a maintainer' },
    body: JSON.stringify({ ref: 'main', inputs }),
  });
  if (answer.status !== 204) throw new Error(`the workflow was not started: ${answer.status} ${await answer.text()}`);
}

function same(what: string, seen: readonly string[], expected: readonly string[]): string[] {
  const [found, wanted] = [seen.toSorted().join(', '), expected.toSorted().join(', ')];
  return found === wanted ? [] : [`${what}: ${found || 'none'}, not ${wanted || 'none'}`];
}

function ended({ failedRuns, errors }: Outcome['seen']): string[] {
  return [...failedRuns.map((run) => `a run of ${run} failed`), ...errors];
}

function has(what: string, texts: readonly string[], pattern: RegExp): string[] {
  return texts.some((text) => pattern.test(text)) ? [] : [`${what} does not say ${pattern.source}`];
}
