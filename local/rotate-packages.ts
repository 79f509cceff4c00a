/**
 * `npm run e2e:rotate-packages`: rotation of GHCR by its workflow, on a GitHub and a registry of this machine: scheduled,
 * held, released, dry for a pull request, disturbed, and restored from the record of the run that deleted.
 */
import { main } from './processes/index.ts';
import { createStage, rotateStep, type Stage } from './rotate-packages/stage.ts';

interface Scenario {
  readonly title: string;
  play(stage: Stage): Promise<unknown>;
}

const log = (line: string): void => console.log(line);

function expect(what: string, found: unknown, wanted: unknown): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${what}: ${one}, not ${other}`);
}

const scenarios: readonly Scenario[] = [
  {
    title: 'the schedule deletes an old build, and a later run by hand restores it with its tags',
    async play(stage) {
      await stage.publish('main', 40);
      const old = await stage.publish('old', 30);
      await stage.publish('young', 2);
      const deleting = await stage.schedule();
      expect('tags', stage.tags(), ['latest', 'young']);
      expect('outputs', rotateStep(deleting).outputs.complete, 'true');
      const restoring = await stage.dispatch({ mode: 'restore', 'run-id': String(deleting.id) });
      expect('conclusion', restoring.conclusion, 'success');
      expect('tags', stage.tags(), ['latest', 'old', 'young']);
      expect('digest', (await stage.registry.head(stage.image, 'old'))?.digest, old);
      expect('summary', /restored/.test(rotateStep(restoring).summary), true);
    },
  },
  {
    title: 'a build that somebody holds stays until it is released',
    async play(stage) {
      await stage.publish('main', 40);
      await stage.publish('old', 30);
      await stage.publish('older', 31);
      const holding = await stage.dispatch({ mode: 'hold', images: 'web:old', name: 'audit', reason: 'The audit' });
      expect('conclusion', holding.conclusion, 'success');
      const kept = rotateStep(await stage.schedule());
      expect('tags', stage.tags(), ['hold-audit', 'latest', 'old']);
      expect('summary', /`hold-audit` .* \| maintainer \| .* The audit \|/.test(kept.summary), true);
      await stage.dispatch({ mode: 'release', images: 'web:old' });
      expect('tags', stage.tags(), ['latest', 'old']);
      await stage.schedule();
      expect('tags', stage.tags(), ['latest']);
    },
  },
  {
    title: 'a pull request sees what its rules would delete, and deletes nothing',
    async play(stage) {
      await stage.publish('main', 40);
      await stage.publish('young', 3);
      const run = await stage.propose('shorter', 'retention: { branches: [{ keep-for: 1d }] }\n');
      expect('conclusion', run.conclusion, 'success');
      expect('summary', /dry run.*1 build to delete/.test(rotateStep(run).summary), true);
      expect('tags', stage.tags(), ['latest', 'young']);
    },
  },
  {
    title: 'rules that nobody can have meant delete nothing',
    async play(stage) {
      await stage.publish('main', 40);
      for (const name of ['a', 'b', 'c', 'd']) await stage.publish(name, 30);
      const run = await stage.schedule();
      expect('conclusion', run.conclusion, 'failure');
      expect('annotation', /max-share allows 50 %/.test(rotateStep(run).annotations[0]?.message ?? ''), true);
      expect('tags', stage.tags().length, 5);
    },
  },
  {
    title: 'server errors and limits are waited for, and what GitHub does not delete is reported',
    async play(stage) {
      await stage.publish('main', 40);
      const popular = await stage.publish('popular', 30);
      await stage.publish('old', 31);
      await stage.publish('young', 1);
      await stage.publish('younger', 0);
      stage.github.packages.edit('acme/web', popular, { downloads: 5001 });
      const limited = { message: 'You have exceeded a secondary rate limit' };
      stage.github.faults.add({ path: /versions$/, status: 502 });
      stage.github.faults.add({ path: /versions\/\d+$/, status: 403, headers: { 'retry-after': '1' }, body: limited });
      stage.github.faults.add({ path: /versions\/\d+$/, reset: true });
      const run = await stage.schedule();
      expect('conclusion', run.conclusion, 'success');
      expect('tags', stage.tags(), ['latest', 'popular', 'young', 'younger']);
      expect('warning', /more than 5000 downloads/.test(rotateStep(run).annotations[0]?.message ?? ''), true);
      expect('faults that did not hit', stage.github.faults.left(), 0);
    },
  },
  {
    title: 'caches of branches that are gone go, artifacts of the default branch stay',
    async play(stage) {
      await stage.publish('main', 40);
      const now = new Date().toISOString();
      const common = { repository: 'acme/images', size: 5 };
      stage.github.caches.push({ ...common, id: 1, key: 'a', ref: 'refs/heads/gone', accessedAt: now });
      stage.github.caches.push({ ...common, id: 2, key: 'b', ref: 'refs/heads/main', accessedAt: now });
      const createdAt = '2026-01-01T00:00:00Z';
      stage.github.artifacts.push({ ...common, id: 3, name: 'c', branch: 'main', createdAt });
      stage.github.artifacts.push({ ...common, id: 4, name: 'd', branch: 'gone', createdAt });
      await stage.schedule();
      expect(
        'caches',
        stage.github.caches.map(({ id }) => id),
        [2],
      );
      expect(
        'artifacts',
        stage.github.artifacts.map(({ id }) => id),
        [3],
      );
    },
  },
];

await main(async () => {
  let failed = 0;
  for (const { title, play } of scenarios) {
    const stage = await createStage(log);
    const failure = await play(stage).then(
      () => stage.github.violations[0],
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    await stage.github.stop();
    await stage.server.stop();
    log(`${failure === undefined ? 'ok  ' : 'FAIL'} ${title}${failure === undefined ? '' : `\n     ${failure}`}`);
    if (failure !== undefined) failed += 1;
  }
  log(`\n${scenarios.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});
