/** `retention` in `images.yaml`: how long builds stay, checked and with every default filled in. */
import type { WrittenRetention, WrittenRule } from './retention-schema.ts';

/** Calendar months, as in `P1Y` or `P3M`, and milliseconds. */
export interface Period {
  readonly months: number;
  readonly milliseconds: number;
}

/** How long builds of a class stay. At least one of the first two is there. */
export interface Rule {
  readonly keepFor?: Period | 'forever';
  /** The builds published last, of each branch. */
  readonly keepLast?: number;
  /** With both: `and` keeps what both keep, `or` what one of them keeps. */
  readonly combine?: 'and' | 'or';
}

export interface Policy {
  readonly default: Rule;
  readonly tags: Rule;
  /** The first whose `match` fits the branch counts; the last one fits all. */
  readonly branches: readonly { readonly match: string; readonly rule: Rule }[];
  readonly pullRequests: Rule;
  /** In place of the rule of its class, for a build that only the suite's own tags point at. */
  readonly trace?: Rule;
  /** Absent: what the pipeline made goes by the rule of its class, the rest stays. */
  readonly untagged?: Rule;
  /** What the pipeline did not make, and tags that it did not set. Absent: left alone. */
  readonly unlabelled?: Rule;
}

const day = 24 * 60 * 60 * 1000;
const week: Rule = { keepFor: { months: 0, milliseconds: 7 * day } };

/** What counts where `images.yaml` says nothing. */
export const defaultPolicy: Policy = {
  default: { keepFor: { months: 12, milliseconds: 0 }, keepLast: 10, combine: 'or' },
  tags: { keepFor: 'forever' },
  branches: [{ match: '**', rule: week }],
  pullRequests: week,
};

export function policyOf(written: WrittenRetention | undefined): Policy {
  const { default: own, tags, branches = [], trace, untagged, unlabelled } = written ?? {};
  const pullRequests = written?.['pull-requests'];
  return {
    default: own === undefined ? defaultPolicy.default : ruleOf(own),
    tags: tags === undefined ? defaultPolicy.tags : ruleOf(tags),
    branches: [
      ...branches.map(({ match = '**', ...rule }) => ({ match, rule: ruleOf(rule) })),
      ...defaultPolicy.branches,
    ],
    pullRequests: pullRequests === undefined ? defaultPolicy.pullRequests : ruleOf(pullRequests),
    ...(trace === undefined ? {} : { trace: ruleOf(trace) }),
    ...(untagged === undefined ? {} : { untagged: ruleOf(untagged) }),
    ...(unlabelled === undefined ? {} : { unlabelled: ruleOf(unlabelled) }),
  };
}

function ruleOf({ 'keep-for': keepFor, 'keep-last': keepLast, combine }: WrittenRule): Rule {
  const period = keepFor === undefined ? undefined : parsePeriod(keepFor);
  return {
    ...(period === undefined ? {} : { keepFor: period }),
    ...(keepLast === undefined ? {} : { keepLast }),
    ...(combine === undefined ? {} : { combine }),
  };
}

const short = /^(\d{1,6})([hdwy])$/;
const iso =
  /^P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

/**
 * Reads `7d` (`h`, `d`, `w` and `y` are known), an ISO 8601 duration such as `P1Y6M` or `PT36H`, or `forever`.
 * `undefined` for anything else.
 */
export function parsePeriod(text: string): Period | 'forever' | undefined {
  if (text === 'forever') return 'forever';
  const [, count = '0', unit] = short.exec(text) ?? [];
  if (unit !== undefined) {
    const number = Number(count);
    if (unit === 'y') return { months: 12 * number, milliseconds: 0 };
    return { months: 0, milliseconds: number * (unit === 'h' ? day / 24 : unit === 'd' ? day : 7 * day) };
  }
  const parts = iso.exec(text);
  if (parts === null) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const milliseconds = (weeks * 7 + days) * day + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return { months: years * 12 + months, milliseconds };
}
