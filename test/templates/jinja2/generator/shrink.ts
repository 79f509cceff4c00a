/** Finds the smallest case near a given one that still differs. */
import type { Oracle } from '../oracle.ts';
import { type Case, requestOf, smallerCases } from './cases.ts';
import { compareAll } from './differing.ts';

/** Candidates that are asked at a time: enough to keep both sides busy. */
const batch = 40;

export async function shrink(first: Case, oracle: Oracle, rounds = 200): Promise<Case> {
  let current = first;
  for (let round = 0; round < rounds; round++) {
    const next = await smallest(current, oracle);
    if (next === undefined) break;
    current = next;
  }
  return current;
}

async function smallest(current: Case, oracle: Oracle): Promise<Case | undefined> {
  const sized = (candidate: Case) => {
    const request = requestOf(candidate);
    return { candidate, request, size: JSON.stringify(request).length };
  };
  const limit = sized(current).size;
  const useful = [...smallerCases(current)]
    .map(sized)
    .filter(({ size }) => size < limit)
    .sort((one, other) => one.size - other.size);
  for (let start = 0; start < useful.length; start += batch) {
    const group = useful.slice(start, start + batch);
    const compared = await compareAll(
      oracle,
      group.map(({ request }) => request),
    );
    const found = group.find((_, index) => compared[index]?.verdict === 'differs');
    if (found !== undefined) return found.candidate;
  }
  return undefined;
}
