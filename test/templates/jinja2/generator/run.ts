/** Renders generated cases with both, two processes of Jinja2 at a time. */
import { same } from '../compare.ts';
import { type Answer, type Oracle, startOracle } from '../oracle.ts';
import { renderOurs } from '../ours.ts';
import { type Case, randomCase, requestOf } from './cases.ts';
import { shrink } from './shrink.ts';

export interface Difference {
  readonly seed: number;
  readonly shrunk: Case;
  readonly expected: Answer | undefined;
  readonly got: Answer;
}

export interface Run {
  readonly differences: readonly Difference[];
  readonly rendered: number;
  /** How many of these Jinja2 refused. */
  readonly refused: number;
}

/** @param most stops after so many differences */
export async function runGenerated(first: number, count: number, most = 5): Promise<Run> {
  const oracles = await Promise.all([startOracle(), startOracle()]);
  const differences: Difference[] = [];
  let [next, rendered, refused] = [0, 0, 0];
  const work = async (oracle: Oracle): Promise<void> => {
    while (next < count && differences.length < most) {
      const start = first + next;
      const seeds = Array.from({ length: Math.min(100, count - next) }, (_, index) => start + index);
      next += seeds.length;
      const cases = seeds.map(randomCase);
      const asked = oracle.render(cases.map(requestOf));
      const ours = cases.map((made) => renderOurs(requestOf(made)));
      const theirs = await asked;
      rendered += seeds.length;
      refused += theirs.filter((answer) => 'error' in answer).length;
      for (const [index, made] of cases.entries()) {
        const got = ours[index];
        if (got === undefined || same(got, theirs[index]) || differences.length >= most) continue;
        const shrunk = await shrink(made, oracle);
        const [expected] = await oracle.render([requestOf(shrunk)]);
        differences.push({ seed: start + index, shrunk, expected, got: renderOurs(requestOf(shrunk)) });
      }
    }
  };
  try {
    await Promise.all(oracles.map(work));
  } finally {
    for (const oracle of oracles) oracle.stop();
  }
  return { differences, rendered, refused };
}

/** Words for people: the seed, the templates and both answers. */
export function describeDifference({ seed, shrunk, expected, got }: Difference): string {
  const { templates, data, options } = requestOf(shrunk);
  const files = Object.entries(templates).map(([name, text]) => `  ${name}: ${JSON.stringify(text)}`);
  const used = Object.fromEntries(
    Object.entries(data ?? {}).filter(([name]) => Object.values(templates).some((text) => text.includes(name))),
  );
  return [
    `seed ${seed}`,
    ...files,
    `  data ${JSON.stringify(used)} options ${JSON.stringify(options)}`,
    `  Jinja2: ${JSON.stringify(expected)}`,
    `  ours:   ${JSON.stringify(got)}`,
  ].join('\n');
}
