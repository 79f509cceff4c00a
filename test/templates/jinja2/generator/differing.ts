/** Which requests Jinja2 and this project answer differently. */
import { same } from '../compare.ts';
import type { Answer, Oracle, Request } from '../oracle.ts';
import { renderOurs } from '../ours.ts';

export interface Compared {
  readonly expected: Answer | undefined;
  readonly got: Answer;
  /**
   * `quirk`: only Jinja2's own optimizer differs, which evaluates constants by other rules than a template that runs
   * (`{{ [[]] * 2 }}` is two lists then, `{{ 1[2:] is defined }}` false instead of an error). Without it both agree.
   */
  readonly verdict: 'same' | 'differs' | 'quirk';
}

export async function compareAll(oracle: Oracle, requests: readonly Request[]): Promise<Compared[]> {
  const asked = oracle.render(requests);
  const ours = requests.map(renderOurs);
  const theirs = await asked;
  const open = requests.flatMap((request, index) => {
    const got = ours[index];
    return got === undefined || same(got, theirs[index]) ? [] : [{ index, request }];
  });
  const unoptimized = await oracle.render(
    open.map(({ request }) => ({ ...request, options: { ...request.options, optimized: false } })),
  );
  const plain = new Map(open.map(({ index }, position) => [index, unoptimized[position]]));
  return ours.map((got, index): Compared => {
    if (!plain.has(index)) return { expected: theirs[index], got, verdict: 'same' };
    return { expected: theirs[index], got, verdict: same(got, plain.get(index)) ? 'quirk' : 'differs' };
  });
}
