/** Artifacts and caches of GitHub Actions: which of them go. Pure. */
import picomatch from 'picomatch';
import type { Branches, StoredItem } from '../github/index.ts';
import type { Policy, Rule } from '../images/retention.ts';
import { branchRule, periodText, startOf } from '../retention/index.ts';

export interface LeftoverRequest {
  readonly items: readonly StoredItem[];
  readonly branches: Branches;
  readonly policy: Policy;
  /** Globs of names of artifacts and of keys of caches; what none fits stays. */
  readonly artifacts: readonly string[];
  readonly caches: readonly string[];
}

export interface Leftover {
  readonly item: StoredItem;
  readonly reason: string;
}

/** Artifacts with deletion records: GitHub lets them go when nothing can be restored any more. */
const recordArtifact = 'image-cascade-rotation-';

/** What no branch needs any more: those of a branch that is gone, and old ones of all but the default branch. */
export function planLeftovers(request: LeftoverRequest, now: Date): Leftover[] {
  const fits = { artifact: matcher(request.artifacts), cache: matcher(request.caches) };
  return request.items.flatMap((item) => {
    if (item.name.startsWith(recordArtifact)) return [];
    const reason = fits[item.kind](item.name) ? reasonToGo(item, request, now) : undefined;
    return reason === undefined ? [] : [{ item, reason }];
  });
}

function matcher(globs: readonly string[]): (name: string) => boolean {
  return globs.length === 0 ? () => false : picomatch([...globs], { dot: true, bash: true });
}

function reasonToGo({ ref, usedAt }: StoredItem, { branches, policy }: LeftoverRequest, now: Date): string | undefined {
  const [, kind, name = ''] = /^refs\/(heads|tags|pull)\/(.+)$/.exec(ref ?? '') ?? [];
  if (kind === 'tags' || (kind === 'heads' && name === branches.defaultBranch)) return undefined;
  if (kind === 'heads') {
    if (!branches.branches.has(name)) return `branch ${name} is gone`;
    return tooOld(usedAt, branchRule(policy, name), `branch ${name}`, now);
  }
  const number = kind === 'pull' ? (name.split('/')[0] ?? '') : '';
  if (kind === 'pull' && !branches.openPullRequests.has(number)) return `pull request ${number} is closed`;
  const from = kind === 'pull' ? `pull request ${number}` : 'a pull request';
  return tooOld(usedAt, policy.pullRequests, from, now);
}

/** Of a rule, only the time counts: runs leave as many artifacts as they like. */
function tooOld(usedAt: string, { keepFor }: Rule, from: string, now: Date): string | undefined {
  if (keepFor === undefined || keepFor === 'forever') return undefined;
  const used = Date.parse(usedAt);
  if (Number.isNaN(used) || used > startOf(keepFor, now).getTime()) return undefined;
  return `${from}: last used ${usedAt.slice(0, 10)}; keep-for ${periodText(keepFor)}`;
}
