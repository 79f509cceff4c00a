/** Finds the smallest case near a given one that still differs. */
import { same } from '../compare.ts';
import type { Oracle } from '../oracle.ts';
import { renderOurs } from '../ours.ts';
import { type Case, requestOf, smallerCases } from './cases.ts';

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
  const candidates = [...smallerCases(current)]
    .map((candidate) => ({ candidate, request: requestOf(candidate) }))
    .map((entry) => ({ ...entry, size: JSON.stringify(entry.request).length }))
    .sort((one, other) => one.size - other.size);
  const limit = JSON.stringify(requestOf(current)).length;
  const useful = candidates.filter(({ size }) => size < limit);
  for (let start = 0; start < useful.length; start += batch) {
    const group = useful.slice(start, start + batch);
    const theirs = await oracle.render(group.map(({ request }) => request));
    const found = group.find(({ request }, index) => !same(renderOurs(request), theirs[index]));
    if (found !== undefined) return found.candidate;
  }
  return undefined;
}
