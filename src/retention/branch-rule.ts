import picomatch from 'picomatch';
import type { Policy, Rule } from '../images/retention.ts';

type Entry = Policy['branches'][number];

const matchers = new WeakMap<Entry, (branch: string) => boolean>();

/** The rule for the builds of a branch: the first one whose glob fits its name. */
export function branchRule({ branches }: Policy, branch: string): Rule {
  return branches.find((entry) => matcherOf(entry)(branch))?.rule ?? { keepFor: 'forever' };
}

function matcherOf(entry: Entry): (branch: string) => boolean {
  const known = matchers.get(entry) ?? (entry.match === '**' ? () => true : picomatch(entry.match, { dot: true }));
  matchers.set(entry, known);
  return known;
}
