/** Plans that nobody meant: a rotation stops before its first deletion. */
import type { Problem } from '../problems.ts';
import type { RepositoryPlan, RotationPlan } from './types.ts';

/**
 * What is suspicious about a plan, one problem for each repository; none when it may be carried out.
 * @param maxShare the largest part of a repository's manifests that may go, from 0 to 1
 */
export function guardProblems(plan: RotationPlan, maxShare: number): readonly Problem[] {
  return plan.repositories.flatMap((repository) => problemOf(repository, maxShare) ?? []);
}

function problemOf({ repository, kept, deleted }: RepositoryPlan, maxShare: number): Problem | undefined {
  if (deleted.length === 0) return undefined;
  const goesItself = deleted.some(({ digest, build }) => digest === build);
  if (goesItself && kept.every((manifest) => manifest.class === undefined))
    return {
      message: `rotation would delete every build of ${repository} (${deleted.length} manifests)`,
      hint: "keep the newest ones with 'keep-last' in the retention rules of images.yaml, or delete the repository yourself",
    };
  const all = kept.length + deleted.length;
  const share = deleted.length / all;
  if (share <= maxShare) return undefined;
  const needed = Math.ceil(share * 100);
  return {
    message: `rotation would delete ${deleted.length} of the ${all} manifests of ${repository}, ${needed} %, and max-share allows ${percent(maxShare)} %`,
    hint: `look at the plan with dry-run: true; if it is meant, run it once with max-share: ${needed}`,
  };
}

function percent(share: number): string {
  return String(Math.round(share * 1000) / 10);
}
