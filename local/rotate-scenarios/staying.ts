/** What stays: shared and promoted builds, holds, what others are built on, what is not ours. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holdAnnotations, holdArtifactType, holdTag, labels } from '../../src/images/index.ts';
import { annotatedIndex } from '../../src/registry/index.ts';
import { multiPlatform } from './belongings.ts';
import { archiveOf } from './images.ts';
import { expect, type Scenario } from './scenario.ts';
import type { World } from './world.ts';

async function current(world: World, ...images: readonly string[]): Promise<void> {
  for (const image of images) await world.publish(image, await world.image(image, `${image} current`), { days: 1 });
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

export const staying: readonly Scenario[] = [
  {
    title: 'a digest with the tags of two branches goes only when both are old',
    async play(world) {
      await current(world, 'web', 'api');
      const [web, api] = [await world.image('web', 'shared'), await world.image('api', 'shared')];
      await world.publish('web', web, { days: 30, branch: 'one' });
      await world.publish('web', web, { days: 2, branch: 'two' });
      await world.publish('api', api, { days: 30, branch: 'one' });
      await world.publish('api', api, { days: 20, branch: 'two' });
      await world.rotate();
      await world.expectTags('web', ['latest', 'one', 'two']);
      await world.expectTags('api', ['latest']);
    },
  },
  {
    title: 'a branch build that was merged or released stays as a build of the default branch or a release',
    async play(world) {
      const merged = await world.image('web', 'merged');
      const released = await world.image('web', 'released');
      await world.publish('web', merged, { days: 100, branch: 'feature' });
      await world.publish('web', merged, { days: 99 });
      await world.publish('web', released, { days: 800, branch: 'fix' });
      await world.publish('web', released, { days: 799, branch: 'v1.4.0', kind: 'tag', tags: ['1.4.0', '1.4'] });
      await current(world, 'web');
      await world.rotate();
      await world.expectTags('web', ['1.4', '1.4.0', 'feature', 'fix', 'latest']);
      await world.expectThere('web', [merged, released]);
    },
  },
  {
    title: 'a build that somebody gave a tag of their own stays',
    async play(world) {
      await current(world, 'web');
      const promoted = await world.image('web', 'promoted');
      await world.publish('web', promoted, { days: 30, branch: 'feature' });
      await world.tools.use('crane', ['tag', `${world.repository('web')}:feature`, 'prod']);
      await world.rotate();
      await world.expectTags('web', ['feature', 'latest', 'prod']);
    },
  },
  {
    title: 'a build that is published again counts from then: a revert stays',
    async play(world) {
      await current(world, 'web');
      const build = await world.image('web', 'reverted');
      await world.publish('web', build, { days: 300, branch: 'feature' });
      await world.publish('web', build, { days: 2, branch: 'feature' });
      await world.rotate();
      await world.expectTags('web', ['feature', 'latest']);
    },
  },
  {
    title: 'held builds stay, for ever, until their day, or by a tag that crane put there',
    async play(world) {
      await current(world, 'web');
      const hold = async (name: string, until?: string) => {
        const { index, platforms } = await multiPlatform(world, 'web', name);
        await world.publish('web', index, { days: 30, branch: name });
        const tag = holdTag({ name, ...(until === undefined ? {} : { until }) });
        const annotations = { [holdAnnotations.by]: 'mia', [holdAnnotations.reason]: 'an audit' };
        await world.registry.putManifest(
          world.repository('web'),
          tag,
          annotatedIndex(index, holdArtifactType, annotations),
        );
        return [index, ...platforms];
      };
      const kept = [...(await hold('ever')), ...(await hold('until', dayIn(3)))];
      const over = await hold('over', dayIn(-3));
      const byHand = await world.image('web', 'by hand');
      await world.publish('web', byHand, { days: 30, branch: 'hand' });
      await world.tools.use('crane', ['tag', `${world.repository('web')}:hand`, 'hold-hand']);
      const { plan } = await world.rotate();
      await world.expectThere('web', [...kept, byHand]);
      await world.expectGone('web', over);
      const holds = plan.repositories[0]?.holds ?? [];
      expect(holds.length === 4, `the plan shows ${holds.length} marks instead of 4`);
      expect(
        holds.filter(({ by, reason }) => by === 'mia' && reason === 'an audit').length === 3,
        'the plan does not say who holds a build, and why',
      );
    },
  },
  {
    title: 'what a kept build of another image was built on stays, and so does what that was built on',
    async play(world) {
      await current(world, 'base', 'middle');
      const base = await multiPlatform(world, 'base', 'old base');
      await world.publish('base', base.index, { days: 30, branch: 'feature' });
      const unused = await world.image('base', 'unused');
      await world.publish('base', unused, { days: 30, branch: 'unused' });
      const middle = await world.image('middle', 'old middle');
      await world.publish('middle', middle, { days: 30, branch: 'feature', upstreams: [base.index.digest] });
      await world.publish('app', await world.image('app', 'app'), { days: 1, upstreams: [middle.digest] });
      await world.rotate();
      await world.expectThere('base', [base.index, ...base.platforms]);
      await world.expectThere('middle', [middle]);
      await world.expectGone('base', [unused]);
    },
  },
  {
    title: 'images that the pipeline did not make are left alone, unless a rule is for them',
    async play(world) {
      await current(world, 'web');
      const layer = join(world.folder, 'layer.tar');
      await writeFile(layer, await archiveOf('theirs'));
      const theirs = `${world.repository('web')}:theirs`;
      await world.tools.use('crane', ['append', '--oci-empty-base', '-f', layer, '-t', theirs]);
      const dated = await world.image('web', 'dated', { labels: { [labels.created]: '2020-01-01T00:00:00Z' } });
      await world.registry.tag(world.repository('web'), dated.digest, 'dated');
      await world.rotate();
      await world.expectTags('web', ['dated', 'latest', 'theirs']);
      world.config = 'retention: { unlabelled: { keep-for: 1y } }';
      await world.rotate();
      // Of the other one nobody knows how old it is.
      await world.expectTags('web', ['latest', 'theirs']);
    },
  },
  {
    title: 'builds without a record go by the labels that the build wrote',
    async play(world) {
      await current(world, 'web');
      const build = async (name: string, created: string) => {
        const own = {
          [labels.class]: 'branch',
          [labels.branch]: name,
          [labels.version]: name,
          [labels.created]: created,
        };
        const { digest } = await world.image('web', name, { labels: own });
        await world.registry.tag(world.repository('web'), digest, name);
      };
      await build('old', '2026-01-01T00:00:00Z');
      await build('young', new Date().toISOString());
      await world.rotate();
      await world.expectTags('web', ['latest', 'young']);
    },
  },
  {
    title: 'rules by class: the last ones, by glob, both conditions, trace tags alone',
    async play(world) {
      world.config = `retention:
  default: { keep-last: 2, keep-for: 50d, combine: and }
  branches: [{ match: 'release/*', keep-last: 1 }]
  trace: { keep-for: 10d }
`;
      const builds = await Promise.all(
        [60, 40, 20, 5, 3].map(async (days) => ({ days, entry: await world.image('web', `of ${days} days ago`) })),
      );
      for (const { days, entry } of builds) await world.publish('web', entry, { days });
      for (const [name, days] of [
        ['a', 90],
        ['b', 80],
      ] as const) {
        const entry = await world.image('web', name);
        await world.publish('web', entry, { days, branch: 'release/1', tags: ['release-1'] });
      }
      await world.rotate();
      await world.expectGone(
        'web',
        builds.filter(({ days }) => days > 10).map(({ entry }) => entry),
      );
      await world.expectThere(
        'web',
        builds.filter(({ days }) => days <= 10).map(({ entry }) => entry),
      );
      await world.expectTags('web', ['latest', 'release-1']);
    },
  },
  {
    title: 'of a branch that publishes the same build every day, the last record is enough',
    async play(world) {
      const build = await world.image('web', 'same');
      for (const days of [5, 4, 3, 2, 1]) await world.publish('web', build, { days });
      await world.rotate();
      const records = (await world.tools.use('crane', ['ls', world.repository('web')]))
        .split('\n')
        .filter((tag) => tag.startsWith('p-'));
      expect(records.length === 1, `${records.length} records are left instead of 1`);
    },
  },
];
