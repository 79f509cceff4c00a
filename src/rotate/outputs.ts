/** What a rotation tells the steps after it, and the people who look at its log. */
import type { Problem } from '../problems.ts';
import type { Rotation } from './rotate.ts';

/** The action's outputs. Everything that went is in the record: an output has room for a megabyte. */
export function outputsOf({ plan, rotated, stopped, deletions, dryRun, refused }: Rotation) {
  const repositories = plan.repositories.filter(({ repository }) => rotated.has(repository));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const untouched = !dryRun && refused.length > 0;
  return {
    deleted: untouched ? 0 : sum(repositories.map(({ deleted }) => deleted.length)),
    kept: sum(repositories.flatMap(({ classes }) => classes.map(({ kept }) => kept))),
    'bytes-freed': untouched ? 0 : sum(repositories.map(({ bytesFreed }) => bytesFreed)),
    complete: stopped === undefined && refused.length === 0 && deletions.every(({ status }) => status !== 'failed'),
    holds: repositories.flatMap(({ repository, holds }) => holds.map((hold) => ({ repository, ...hold }))),
  };
}

/** What somebody should know although the run has done what it could. */
export function warningsOf({ stopped, refused, deletions, dryRun }: Rotation): Problem[] {
  const stuck = deletions.filter(({ status }) => status === 'refused');
  return [
    ...(dryRun ? refused : []),
    ...(stopped === undefined
      ? []
      : [{ message: `the rotation ended early: ${stopped}`, hint: 'the next run goes on' }]),
    ...stuck.map(({ repository, digest, problem }) => ({
      message: `${repository}@${digest.slice(0, 19)} can't be deleted: ${problem ?? ''}`,
      hint: "delete it yourself, or mark it with mode: hold, and it isn't tried again",
    })),
  ];
}
