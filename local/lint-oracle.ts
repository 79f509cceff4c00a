/**
 * Puts Dockerfiles before our rules and before the tools that they follow, BuildKit and hadolint, and prints where the
 * verdicts differ. A difference that is meant is in `lint-oracle/explained.ts`, with its reason.
 *
 *     npm run lint:oracle [WORD in the name of the cases to look at]
 */
import { allCases, compareAll, differs, explained, findTools } from './lint-oracle/index.ts';
import { projectRoot } from './processes/index.ts';

const tools = findTools(projectRoot());
if (tools === undefined) throw new Error('BuildKit or hadolint is missing; run .ci/tools');
const [wanted = ''] = process.argv.slice(2);
const all = allCases.filter(({ name }) => name.includes(wanted));
const comparisons = compareAll(tools, all);

let failed = 0;
for (const comparison of comparisons) {
  const { oracle, one, theirs, ours, reason } = comparison;
  const why = explained[`${oracle}: ${one.name}`];
  if (differs(comparison) === (why !== undefined)) {
    if (why !== undefined) console.log(`${oracle}: ${one.name}: ${why}`);
    continue;
  }
  failed += 1;
  if (why === undefined) {
    console.log(
      `${oracle} differs: ${one.name}\n  ${oracle}: ${theirs.join(', ') || '-'}\n  ours: ${ours.join(', ') || '-'}`,
    );
    if (reason !== undefined) console.log(`  stops: ${reason}`);
    console.log(one.dockerfile.replaceAll(/^/gm, '  | '));
  } else console.log(`${oracle} no longer differs: ${one.name}; take it out of explained.ts`);
}
const read = comparisons.filter(({ oracle }) => oracle === 'hadolint').length;
console.log(`${all.length} Dockerfiles; hadolint can read ${read} of them`);
console.log(`${comparisons.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
