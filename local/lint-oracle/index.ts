/** Dockerfiles before our rules and before BuildKit and hadolint. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { askBuildKit } from './buildkit.ts';
import type { Case } from './case.ts';
import { besideBuildKit, besideHadolint, type Comparison } from './compare.ts';
import { dockerCases } from './docker-cases.ts';
import { exampleCases } from './example-cases.ts';
import { explainedCases } from './explained-cases.ts';
import { askHadolint } from './hadolint.ts';
import { hadolintCases } from './hadolint-cases.ts';
import { hadolintCommentCases } from './hadolint-comment-cases.ts';
import { hadolintLabelCases } from './hadolint-label-cases.ts';
import { mixedCases } from './mixed-cases.ts';

export { type Comparison, differs } from './compare.ts';
export { explained } from './explained.ts';

const written: readonly Case[] = [
  ...dockerCases,
  ...hadolintCases,
  ...hadolintLabelCases,
  ...hadolintCommentCases,
  ...exampleCases,
];

export const allCases: readonly Case[] = [...written, ...explainedCases, ...mixedCases(written, 500)];

interface Tools {
  readonly buildkit: string;
  readonly hadolint: string;
}

/** The tools that `.ci/tools` installs; `undefined` when one is missing. */
export function findTools(root: string): Tools | undefined {
  const bin = join(root, '.cache', 'tools', 'bin');
  const tools = { buildkit: join(bin, 'buildkit-lint'), hadolint: join(bin, 'hadolint') };
  return existsSync(tools.buildkit) && existsSync(tools.hadolint) ? tools : undefined;
}

export function compareAll({ buildkit, hadolint }: Tools, all: readonly Case[]): readonly Comparison[] {
  const verdicts = askBuildKit(buildkit, all);
  const opinions = askHadolint(hadolint, all);
  return all.flatMap((one, index) => {
    const theirs = besideHadolint(one, opinions[index] ?? []);
    return [besideBuildKit(one, verdicts[index] ?? { warnings: [] }), ...(theirs === undefined ? [] : [theirs])];
  });
}
