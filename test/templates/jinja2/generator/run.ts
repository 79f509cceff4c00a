/** Renders generated cases with both, two processes of Jinja2 at a time. */
import { type Answer, type Oracle, startOracle } from '../oracle.ts';
import { type Case, randomCase, requestOf } from './cases.ts';
import { type Compared, compareAll } from './differing.ts';
import { shrink } from './shrink.ts';

export interface Difference {
  readonly seed: number;
  readonly shrunk: Case;
  readonly expected: Answer | undefined;
  readonly got: Answer | undefined;
}

export interface Run {
  readonly differences: readonly Difference[];
  readonly rendered: number;
  /** How many of these Jinja2 refused. */
  readonly refused: number;
  /** How many only Jinja2's optimizer renders differently. */
  readonly quirks: number;
}

/** @param most stops after so many differences */
export async function runGenerated(first: number, count: number, most = 5): Promise<Run> {
  const oracles = await Promise.all([startOracle(), startOracle()]);
  const differences: Difference[] = [];
  const compared: Compared[] = [];
  let next = 0;
  const work = async (oracle: Oracle): Promise<void> => {
    while (next < count && differences.length < most) {
      const start = first + next;
      const cases = Array.from({ length: Math.min(100, count - next) }, (_, index) => randomCase(start + index));
      next += cases.length;
      const results = await compareAll(oracle, cases.map(requestOf));
      compared.push(...results);
      for (const [index, made] of cases.entries()) {
        if (results[index]?.verdict !== 'differs' || differences.length >= most) continue;
        const shrunk = await shrink(made, oracle);
        const [{ expected, got, verdict } = {}] = await compareAll(oracle, [requestOf(shrunk)]);
        // What differs, differs again; on a busy machine a time limit may have ended one of the two.
        if (verdict === 'same') continue;
        differences.push({ seed: start + index, shrunk, expected, got });
      }
    }
  };
  try {
    await Promise.all(oracles.map(work));
  } finally {
    for (const oracle of oracles) oracle.stop();
  }
  const number = (test: (one: Compared) => boolean): number => compared.filter(test).length;
  return {
    differences,
    rendered: compared.length,
    refused: number(({ expected }) => expected !== undefined && 'error' in expected),
    quirks: number(({ verdict }) => verdict === 'quirk'),
  };
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
