/** Compares generated templates: `node test/templates/jinja2/generate.ts [SEED] [COUNT] [MOST]` on Node.js 24. */
import { describeDifference, runGenerated } from './generator/run.ts';

const [seed = Date.now() % 1e9, count = 2000, most = 5] = process.argv.slice(2).map(Number);
const began = performance.now();
const { differences, rendered, refused, quirks } = await runGenerated(seed, count, most);
for (const difference of differences) console.log(`\n${describeDifference(difference)}`);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(
  `\nseed ${seed}: ${rendered} templates, ${refused} of them refused, ${differences.length} differ, ${quirks} in the optimizer alone, ${seconds} s`,
);
process.exitCode = Math.min(differences.length, 1);
