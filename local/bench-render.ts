/**
 * `npm run bench:render`: 300 Dockerfile templates with macros, imports and inheritance, rendered by Python's Jinja2 and
 * by this project in alternating turns of ten rounds, both with their templates compiled; and the whole `render` action
 * on these images. Medians; `ROUNDS` is the number of turns. `DIST` is the folder of the bundles, `dist` by default.
 *
 * Prints figures and says which goals they miss; it judges nothing, since machines are noisy.
 */

import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { renderAction } from './bench-render/action.ts';
import { type Engine, jinja2Engine, ownEngine } from './bench-render/engines.ts';
import { writeTree } from './bench-render/tree.ts';
import { median } from './median.ts';
import { main, onExit, projectRoot, temporaryFolder } from './processes/index.ts';
import { putMinimalImage } from './registry/minimal-image.ts';
import { startRegistryStandIn } from './registry/stand-in.ts';

const turns = Number(process.env.ROUNDS ?? 15);
/**
 * Turns until both are about as fast as they get. JavaScript compiles what runs often once more, in the background; each
 * of the many templates has its own code, which is run once in a round.
 */
const warmUp = 60;
/** A process that renders is not interrupted by another program each few milliseconds. */
const roundsInTurn = 10;
const goals = { ratio: 5, actionSeconds: 1.5 };

await main(async () => {
  const root = projectRoot();
  const source = join(root, 'local', 'bench-render');
  const { path: folder } = await temporaryFolder('image-cascade-bench-');
  const registry = await startRegistryStandIn({});
  onExit(() => registry.stop());
  await putMinimalImage(registry.host, 'library/debian', 'bookworm-slim');
  const base = `${registry.host}/library/debian:bookworm-slim`;

  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  const images = await writeTree(workspace, source, base);

  const jinja2 = await jinja2Engine(join(source, 'jinja2_rounds.py'), workspace, images);
  const expected = await jinja2.texts();
  console.log(
    `medians of ${turns} turns of ${roundsInTurn} rounds of ${images.length} images after ${warmUp} others, ${availableParallelism()} cores`,
  );
  // One after the other: a process renders either way, and what the one leaves in the caches of code slows the other.
  for (const own of [
    ownEngine('image-cascade', workspace, images, false),
    ownEngine('image-cascade, with the template line of each line', workspace, images, true),
  ]) {
    const texts = await own.texts();
    const different = images.filter((_, index) => texts[index] !== expected[index]).map(({ name }) => name);
    console.log(`${own.name}: ${images.length} images, ${different.length} differ from Jinja2 ${different.join(' ')}`);
    const [reference, times] = await alternate(jinja2, own);
    const ratio = median(reference) / median(times);
    const fastest = Math.min(...reference) / Math.min(...times);
    const verdict = ratio < goals.ratio ? `misses the goal of ${goals.ratio}` : `within the goal of ${goals.ratio}`;
    console.log(`  ${jinja2.name}: ${figures(reference)}`);
    console.log(
      `  ${own.name}: ${figures(times)}: ${ratio.toFixed(1)} times as fast (${fastest.toFixed(1)} by the fastest rounds), ${verdict}`,
    );
  }

  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  const script = join(process.env.DIST ?? join(root, 'dist'), 'render.js');
  const action = await renderAction(node, script, workspace, folder, registry.host, base);
  const seconds = { empty: [] as number[], full: [] as number[] };
  for (let round = 0; round < Math.ceil(turns / 2); round++)
    for (const cache of ['empty', 'full'] as const) seconds[cache].push((await action.run(cache)) / 1000);
  for (const cache of ['empty', 'full'] as const) {
    const taken = median(seconds[cache]);
    const verdict = taken > goals.actionSeconds ? 'misses the goal of' : 'within the goal of';
    console.log(
      `render, whole action, compile cache ${cache}: ${taken.toFixed(2)} s, ${verdict} ${goals.actionSeconds} s`,
    );
  }
});

/** Milliseconds of each round of the two: ten of the one, ten of the other, and so on. */
async function alternate(one: Engine, other: Engine): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let turn = -warmUp; turn < turns; turn++)
    for (const [index, engine] of [one, other].entries())
      for (let round = 0; round < roundsInTurn; round++) {
        const taken = await engine.round();
        if (turn >= 0) times[index]?.push(taken);
      }
  return times;
}

function figures(times: readonly number[]): string {
  return `${median(times).toFixed(1)} ms, fastest ${Math.min(...times).toFixed(1)} ms`;
}
