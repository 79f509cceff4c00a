/** How a rotation goes: dry, stopped, interrupted, and while others push. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { problemsOf } from '../../src/problems.ts';
import type { Descriptor } from '../../src/registry/index.ts';
import type { Store } from '../../src/rotate/index.ts';
import { startRegistry } from '../registry/server.ts';
import { multiPlatform } from './belongings.ts';
import { publish, pushImage } from './images.ts';
import { type RotateOptions, rotateOnce } from './rotate-once.ts';
import { expect, type Scenario } from './scenario.ts';
import { pullEverything, type World } from './world.ts';

interface Builds {
  readonly current: readonly Descriptor[];
  readonly old: readonly Descriptor[];
}

/** A build of the default branch, and some that may go, all for two platforms. */
async function fill(world: World, count: number): Promise<Builds> {
  const current = await multiPlatform(world, 'web', 'current');
  await world.publish('web', current.index, { days: 3 });
  const old: Descriptor[] = [];
  for (let number = 1; number <= count; number += 1) {
    const { index, platforms } = await multiPlatform(world, 'web', `old ${number}`);
    await world.publish('web', index, { days: 20 + number, branch: `feature-${number}` });
    old.push(index, ...platforms);
  }
  return { current: [current.index, ...current.platforms], old };
}

/** Does something once between the listing and the first deletion, or after some deletions. */
function afterDeletions(count: number, act: () => Promise<void>): (store: Store) => Store {
  let deleted = 0;
  let acted = false;
  const when = async (): Promise<void> => {
    if (acted || deleted < count) return;
    acted = true;
    await act();
  };
  return (store) => ({
    ...store,
    async changes(listing, tags) {
      if (count === 0) await when();
      return store.changes(listing, tags);
    },
    async remove(...manifest) {
      const removal = await store.remove(...manifest);
      deleted += 1;
      await when();
      return removal;
    },
  });
}

/** Kills a rotation, run as a process of its own, when it has deleted so many manifests. */
async function rotateAndKill(options: RotateOptions, deletions: number): Promise<number> {
  const [, script = ''] = process.argv;
  const child = spawn(process.execPath, [script, 'rotate', JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let deleted = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!/ deleted: /.test(line)) return;
    deleted += 1;
    if (deleted === deletions) child.kill('SIGKILL');
  });
  const [status, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL')
    throw new Error(`the rotation ended with ${status} after ${deleted} deletions, before it was killed`);
  return deleted;
}

/** The other side of `rotateAndKill`. */
export async function rotateAsProcess(text: string): Promise<void> {
  const options: RotateOptions = JSON.parse(text);
  await rotateOnce({ ...options, log: (line) => console.log(line) });
}

function killed(deletions: number): Scenario {
  return {
    title: `a rotation that is killed after ${deletions} deletions leaves nothing broken, and the next one ends its work`,
    async play(world) {
      const { current, old } = await fill(world, 6);
      const signed = `sha256-${old[0]?.digest.slice(7)}.sig`;
      const signature = await world.image('web', 'a signature');
      await world.registry.tag(world.repository('web'), signature.digest, signed);
      await rotateAndKill(world.rotateOptions(), deletions);
      await pullEverything(world, ['web']);
      await world.expectThere('web', current);
      await world.rotate();
      await world.expectGone('web', [...old, signature]);
      await world.expectTags('web', ['latest']);
    },
  };
}

export const going: readonly Scenario[] = [
  {
    title: 'a dry run says what would go, and deletes nothing',
    async play(world) {
      const { current, old } = await fill(world, 2);
      const { plan, deletions } = await world.rotate({ request: { dryRun: true } });
      await world.expectThere('web', [...current, ...old]);
      const named = new Set(deletions.map(({ digest }) => digest));
      expect(
        old.every(({ digest }) => named.has(digest)),
        'the record lacks something that would go',
      );
      expect(
        deletions.every(({ status }) => status === 'planned'),
        'the record says that something went',
      );
      expect((plan.repositories[0]?.bytesFreed ?? 0) > 0, 'the plan frees nothing');
      await world.rotate();
    },
  },
  {
    title: 'a plan that deletes too much, or everything of an image, is not carried out',
    async play(world) {
      const { old } = await fill(world, 3);
      const { refused } = await world.rotate({ request: { maxShare: 0.5 } });
      expect(/max-share allows 50 %/.test(refused[0]?.message ?? ''), 'the share of what goes was not refused');
      const lone = await world.image('api', 'lone');
      await world.publish('api', lone, { days: 30, branch: 'feature' });
      const everything = await world.rotate();
      expect(/every build of/.test(everything.refused[0]?.message ?? ''), 'the end of an image was not refused');
      await world.expectThere('web', old);
      await world.expectThere('api', [lone]);
      // What is asked of every scenario at its end: another rotation finds nothing to do.
      await world.publish('api', lone, { days: 1, branch: 'feature' });
      await world.rotate();
    },
  },
  {
    title: 'an old build that is published while the rotation goes on stays',
    async play(world) {
      const { current, old } = await fill(world, 3);
      const [index = current[0], ...others] = old;
      expect(index !== undefined, 'there is an old build');
      const again = () => world.publish('web', index, { days: 0 });
      const { deletions } = await world.rotate({ wrap: afterDeletions(0, again) });
      const platforms = others.slice(0, 2);
      await world.expectThere('web', [index, ...platforms]);
      await world.expectTags('web', ['feature-1', 'latest']);
      expect(
        deletions.some(({ status }) => status === 'left'),
        'the record does not say that something was left',
      );
      const published = await world.tools.use('crane', ['digest', `${world.repository('web')}:latest`]);
      expect(published === index.digest, 'latest is not what was published');
    },
  },
  {
    title: 'a new index of old platforms that is pushed while the rotation goes on is complete',
    async play(world) {
      const { old } = await fill(world, 2);
      const [, amd] = old;
      expect(amd !== undefined, 'there is an old platform');
      const other = async (): Promise<void> => {
        const fresh = await world.image('web', 'fresh', { architecture: 'arm64' });
        const index = await world.index('web', [amd, fresh]);
        await world.publish('web', index, { days: 0, branch: 'next' });
      };
      await world.rotate({ wrap: afterDeletions(0, other) });
      await world.expectThere('web', [amd]);
      await world.expectTags('web', ['latest', 'next']);
    },
  },
  {
    title: 'new builds that are pushed all the time while the rotation goes on are complete',
    async play(world) {
      const { current, old } = await fill(world, 15);
      let done = false;
      let pushed = 0;
      const pushing = (async () => {
        for (; !done; pushed += 1) {
          const { index } = await multiPlatform(world, 'web', `new ${pushed}`);
          await world.publish('web', index, { days: 0, branch: `new-${pushed}` });
        }
      })();
      try {
        await world.rotate();
      } finally {
        done = true;
        await pushing;
      }
      await world.expectGone('web', old);
      await world.expectThere('web', current);
      expect(pushed > 0, 'nothing was pushed meanwhile');
      await world.expectTags('web', ['latest', ...Array.from({ length: pushed }, (_, number) => `new-${number}`)]);
    },
  },
  ...[1, 6, 14].map(killed),
  {
    title: 'a rotation whose time is up stops, and the next one ends its work',
    async play(world) {
      const { old } = await fill(world, 6);
      let begun = false;
      const stop = { deadline: Number.POSITIVE_INFINITY };
      const late = (store: Store): Store => ({
        ...store,
        async remove(...manifest) {
          if (!begun) stop.deadline = 0;
          begun = true;
          return store.remove(...manifest);
        },
      });
      const request = Object.defineProperty({}, 'deadline', { get: () => stop.deadline, enumerable: true });
      const { stopped } = await world.rotate({ request, wrap: late });
      expect(stopped !== undefined || begun, 'nothing was deleted');
      await world.rotate();
      await world.expectGone('web', old);
    },
  },
  {
    title: 'a registry that does not delete says so, and nothing is broken',
    only: ({ server }) => !server.referrersApi,
    async play(world) {
      await fill(world, 0);
      const server = await startRegistry({ log: () => {}, deletion: false });
      try {
        const repository = `${server.host}/${world.namespace}/web`;
        for (const [name, days, branch] of [
          ['current', 1, 'main'],
          ['old', 30, 'feature'],
        ] as const)
          await publish(world.registry, repository, await pushImage(world.registry, repository, name), {
            days,
            branch,
          });
        const options = { ...world.rotateOptions(), host: server.host, images: ['web'] };
        const [problem] = await rotateOnce(options).then(({ problems }) => problems, problemsOf);
        expect(/cannot delete .*405/.test(problem?.message ?? ''), `it says: ${problem?.message}`);
        expect(/storage\.delete\.enabled/.test(problem?.hint ?? ''), `it says what to do: ${problem?.hint}`);
      } finally {
        await server.stop();
      }
    },
  },
  {
    title: 'tags on many pages are all seen',
    async play(world) {
      const { old } = await fill(world, 1);
      const [index] = old;
      expect(index !== undefined, 'there is an old build');
      const other = await world.image('web', 'with many tags');
      await world.publish('web', other, { days: 2, branch: 'many', tags: ['many'] });
      const digits = (number: number): string => number.toString(16).padStart(32, '0');
      const names = Array.from({ length: 1200 }, (_, number) => `i-${digits(number)}`);
      for (let at = 0; at < names.length; at += 8)
        await Promise.all(
          names.slice(at, at + 8).map((name) => world.registry.tag(world.repository('web'), other.digest, name)),
        );
      // On the last page: the name that comes last.
      await world.registry.tag(world.repository('web'), index.digest, 'zz-mine');
      await world.rotate();
      await world.expectThere('web', old);
      // crane, too, sees the first page alone where a registry does not say that there is more.
      for (const tag of ['feature-1', 'latest', 'many', 'zz-mine'])
        expect(await world.has('web', tag), `tag ${tag} is gone`);
    },
  },
];
