/** The shape of `retention` in `images.yaml`. */
import * as v from 'valibot';
import { map } from '../documents/index.ts';
import { parsePeriod } from './retention.ts';

const period = v.pipe(
  v.string(),
  v.check(
    (text) => parsePeriod(text) !== undefined,
    ({ input }) => `'${input}' is no time; write 7d (h, d, w, y), an ISO 8601 duration such as P3M, or forever`,
  ),
  v.description(
    'How long after they were published last builds stay: 7d (h, d, w, y), an ISO 8601 duration, or forever.',
  ),
);

const settings = {
  'keep-for': v.optional(period),
  'keep-last': v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(100_000),
      v.description('How many builds of each branch stay, those published last.'),
    ),
  ),
  combine: v.optional(
    v.pipe(
      v.picklist(['and', 'or']),
      v.description("With keep-for and keep-last: whether a build stays that both keep ('and'), or one ('or')."),
    ),
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

const complete = <Rule extends Settings>() =>
  v.check<Rule, (issue: v.CheckIssue<Rule>) => string>(
    (rule) => complaint(rule) === undefined,
    ({ input }) => complaint(input) ?? '',
  );

const rule = (description: string) => v.pipe(map(settings), complete(), v.description(description));

const branchRule = v.pipe(
  map({
    match: v.optional(
      v.pipe(v.string(), v.minLength(1), v.description('Branches that the rule is for, as a glob. Default: **, all.')),
    ),
    ...settings,
  }),
  complete(),
);

export const retentionSchema = map({
  default: v.optional(rule('Builds of the default branch. Default: a year, and the last 10 in any case.')),
  tags: v.optional(rule('Builds published for a git tag. Default: forever.')),
  branches: v.optional(
    v.pipe(
      v.array(branchRule),
      v.description('Builds of other branches; the first rule that fits counts. Default: 7d, for all that none fits.'),
    ),
  ),
  'pull-requests': v.optional(rule('Builds of pull requests. Default: 7d.')),
  trace: v.optional(
    rule(
      'Builds that only tags of the suite itself point at any more (k-, c-, t-, i-, p-). Default: the rule of the branch or tag that they were published from.',
    ),
  ),
  untagged: v.optional(
    rule('Builds without any tag. Default: the rule of the branch or tag that they were built from; others stay.'),
  ),
  unlabelled: v.optional(
    rule('Images that the suite did not build, and tags that it did not set. Default: they are left alone.'),
  ),
});

export type WrittenRetention = v.InferOutput<typeof retentionSchema>;
export type WrittenRule = Settings;
