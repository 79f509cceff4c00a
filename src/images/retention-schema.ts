/** The shape of `retention` in `images.yaml`. */
import * as z from 'zod/mini';
import { parsePeriod } from './retention.ts';

const period = z.string().check(
  z.refine<string>((text) => parsePeriod(text) !== undefined, {
    error: ({ input }) =>
      `'${String(input)}' is no time; write 7d (h, d, w, y), an ISO 8601 duration such as P3M, or forever`,
  }),
  z.describe('How long after they were published last builds stay: 7d (h, d, w, y), an ISO 8601 duration, or forever.'),
);

const settings = {
  'keep-for': z.optional(period),
  'keep-last': z.optional(
    z
      .int()
      .check(
        z.minimum(1),
        z.maximum(100_000),
        z.describe('How many builds of each branch stay, those published last.'),
      ),
  ),
  combine: z.optional(
    z
      .enum(['and', 'or'])
      .check(z.describe("With keep-for and keep-last: whether a build stays that both keep ('and'), or one ('or').")),
  ),
};

interface Settings {
  readonly 'keep-for'?: string | undefined;
  readonly 'keep-last'?: number | undefined;
  readonly combine?: 'and' | 'or' | undefined;
}

function complaint({ 'keep-for': keepFor, 'keep-last': keepLast, combine }: Settings): string | undefined {
  const given = [keepFor, keepLast].filter((value) => value !== undefined).length;
  if (given === 0) return 'the rule keeps nothing; add keep-for or keep-last';
  if (given === 2 && combine === undefined)
    return 'the rule does not say how keep-for and keep-last go together; add combine: or (a build stays that one of them keeps) or combine: and';
  if (given === 1 && combine !== undefined)
    return 'there is nothing to combine; remove combine, or add what is missing';
  return undefined;
}

const complete = z.refine<Settings>((rule) => complaint(rule) === undefined, {
  error: ({ input }) => complaint(input as Settings) ?? '',
});

const rule = (description: string) => z.strictObject(settings).check(complete, z.describe(description));

const branchRule = z
  .strictObject({
    match: z.optional(
      z.string().check(z.minLength(1), z.describe('Branches that the rule is for, as a glob. Default: **, all.')),
    ),
    ...settings,
  })
  .check(complete);

export const retentionSchema = z.strictObject({
  default: z.optional(rule('Builds of the default branch. Default: a year, and the last 10 in any case.')),
  tags: z.optional(rule('Builds published for a git tag. Default: forever.')),
  branches: z.optional(
    z
      .array(branchRule)
      .check(
        z.describe('Builds of other branches; the first rule that fits counts. Default: 7d, for all that none fits.'),
      ),
  ),
  'pull-requests': z.optional(rule('Builds of pull requests. Default: 7d.')),
  trace: z.optional(
    rule(
      'Builds that only tags of the suite itself point at any more (k-, c-, t-, i-, p-). Default: the rule of the branch or tag that they were published from.',
    ),
  ),
  untagged: z.optional(
    rule('Builds without any tag. Default: the rule of the branch or tag that they were built from; others stay.'),
  ),
  unlabelled: z.optional(
    rule('Images that the suite did not build, and tags that it did not set. Default: they are left alone.'),
  ),
});

export type WrittenRetention = z.infer<typeof retentionSchema>;
export type WrittenRule = Settings;
