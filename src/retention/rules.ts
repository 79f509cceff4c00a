/** Whether the rules of a policy keep a build, and why. */
import type { Policy, Rule } from '../images/retention.ts';
import { append } from './append.ts';
import { branchRule } from './branch-rule.ts';
import { type Graph, type Node, tagsOf } from './graph.ts';
import { periodText, startOf } from './periods.ts';
import { lastTime, type Publication, publicationsOf } from './publications.ts';
import type { BuildClass } from './types.ts';

/** What the rules say of one build. */
export interface Verdict {
  readonly class: BuildClass;
  /** Milliseconds since 1970. */
  readonly publishedAt?: number;
  /** Why it stays; it may go when there is none. */
  readonly reasons: readonly string[];
  /** Why it may go; may be empty. */
  readonly expired: string;
}

/** One rule that counts for a build. */
interface Application {
  readonly node: Node;
  readonly class: BuildClass;
  readonly rule: Rule;
  /** Where it was published from, for people. */
  readonly from: string;
  readonly at: number | undefined;
}

interface Candidate {
  readonly class: BuildClass;
  readonly publishedAt: number | undefined;
  /** Reasons to stay, whatever the rules say. */
  readonly reasons: readonly string[];
  readonly applications: readonly Application[];
}

const day = 24 * 60 * 60 * 1000;
/** The most lasting first. */
const strength: readonly BuildClass[] = ['tag', 'default', 'branch', 'pull-request'];

export function judge(graph: Graph, now: Date): ReadonlyMap<Node, Verdict> {
  const builds = graph.nodes.filter(({ role }) => role === 'build');
  const places = createPlaces(builds, now);
  const verdicts = new Map<Node, Verdict>();
  for (const build of builds) {
    const { class: own, publishedAt, reasons, applications } = candidateOf(build, now);
    const outcomes = applications.map((application) => apply(application, places(application), now));
    verdicts.set(build, {
      class: own,
      ...(publishedAt === undefined ? {} : { publishedAt }),
      reasons: [...reasons, ...outcomes.filter(({ stays }) => stays).map(({ text }) => text)],
      expired: outcomes
        .filter(({ stays }) => !stays)
        .map(({ text }) => text)
        .join('; '),
    });
  }
  return verdicts;
}

function candidateOf(node: Node, now: Date): Candidate {
  const { policy, mainTags } = node.input;
  const publications = publicationsOf(node);
  const publishedAt = lastTime(node);
  const users = tagsOf(node)
    .filter(({ is }) => is.kind === 'user')
    .map(({ tag }) => tag);
  const main = users.filter((tag) => mainTags.includes(tag));
  const foreign = users.filter(
    (tag) =>
      !mainTags.includes(tag) &&
      !publications.some((publication) => publication.tags.includes(tag)) &&
      node.pending?.tags.includes(tag) !== true,
  );
  const untagged = [node, ...node.publications].every(({ manifest }) => manifest.tags.length === 0);
  const onlyTrace = !untagged && users.length === 0;

  const reasons = main.map((tag) => `published as ${tag}`);
  const applications: Application[] = [];
  const add = (kind: BuildClass, rule: Rule, at: number | undefined, from: string): void => {
    applications.push({ node, class: kind, rule, at, from });
  };

  if (foreign.length > 0 || (publications.length === 0 && main.length === 0 && node.pending === undefined)) {
    const rule = untagged ? (policy.untagged ?? policy.unlabelled) : policy.unlabelled;
    const kind = untagged ? 'untagged' : 'unlabelled';
    if (rule !== undefined) add(kind, rule, publishedAt, untagged ? 'without tag' : 'not of the pipeline');
    else if (foreign.length > 0 && publications.length > 0)
      reasons.push(`tag ${foreign.join(', ')} was not set by the pipeline`);
    else reasons.push('it was not made by the pipeline');
  }
  for (const publication of publications) {
    const { kind, rule } = ruleFor(publication, { policy, untagged, onlyTrace });
    add(kind, rule, publication.at, fromOf(publication));
  }
  // Between its upload and its first tag, a build has none.
  if (untagged && publishedAt !== undefined && now.getTime() - publishedAt < day)
    reasons.push('younger than a day: a push may be going on');

  const classes = publications.map((publication) => publication.class);
  const special =
    untagged && policy.untagged !== undefined ? 'untagged' : onlyTrace && policy.trace ? 'trace' : undefined;
  return {
    class:
      special ??
      strength.find((kind) => classes.some((other) => other === kind)) ??
      (untagged ? 'untagged' : 'unlabelled'),
    publishedAt,
    reasons,
    applications,
  };
}

function ruleFor(
  { class: kind, branch }: Publication,
  { policy, untagged, onlyTrace }: { policy: Policy; untagged: boolean; onlyTrace: boolean },
): { kind: BuildClass; rule: Rule } {
  if (untagged && policy.untagged !== undefined) return { kind: 'untagged', rule: policy.untagged };
  if (onlyTrace && policy.trace !== undefined) return { kind: 'trace', rule: policy.trace };
  switch (kind) {
    case 'default':
      return { kind, rule: policy.default };
    case 'tag':
      return { kind, rule: policy.tags };
    case 'pull-request':
      return { kind, rule: policy.pullRequests };
    case 'branch':
      return { kind, rule: branchRule(policy, branch) };
  }
}

function fromOf({ class: kind, branch }: Publication): string {
  switch (kind) {
    case 'default':
      return 'default branch';
    // All releases compete for the places of the last ones.
    case 'tag':
      return 'git tags';
    case 'pull-request':
      return `pull request from ${branch}`;
    case 'branch':
      return `branch ${branch}`;
  }
}

/**
 * The place of a build among those of a group, from 1, by the time of publication. Only rules that keep the last builds
 * ask for it, and for most builds of a large repository none does.
 */
function createPlaces(builds: readonly Node[], now: Date): (application: Application) => number {
  const groups = new Map<string, Application[]>();
  for (const build of builds)
    for (const application of candidateOf(build, now).applications) {
      // Nobody knows where what has no time belongs: it is among the last, and pushes nothing out that has one.
      if (application.rule.keepLast === undefined || application.at === undefined) continue;
      const name = groupOf(application);
      groups.set(name, append(groups.get(name) ?? [], application));
    }
  const places = new Map<string, ReadonlyMap<Node, number>>();
  for (const [name, group] of groups) {
    // A build that was published several times takes one place.
    const newest = new Set(group.sort(byTime).map(({ node }) => node));
    places.set(name, new Map([...newest].map((node, at) => [node, at + 1])));
  }
  return (application) => places.get(groupOf(application))?.get(application.node) ?? 1;
}

/** Builds of one image and class, published from one place. */
function groupOf({ node, class: own, from }: Application): string {
  return `${node.input.listing.repository}\n${own}\n${from}`;
}

function byTime(one: Application, other: Application): number {
  const [a = 0, b = 0] = [one.at, other.at];
  if (a !== b) return b > a ? 1 : -1;
  return one.node.manifest.digest < other.node.manifest.digest ? -1 : 1;
}

function apply({ rule, from, at }: Application, place: number, now: Date): { stays: boolean; text: string } {
  const { keepFor, keepLast, combine } = rule;
  const young =
    keepFor !== undefined && (keepFor === 'forever' || at === undefined || at > startOf(keepFor, now).getTime());
  const last = keepLast !== undefined && place <= keepLast;
  const both = keepFor !== undefined && keepLast !== undefined;
  const stays = both && combine === 'and' ? young && last : young || last;
  const when =
    at === undefined ? 'no time of publication is known' : `published ${new Date(at).toISOString().slice(0, 10)}`;
  const words = [
    ...(keepFor === undefined ? [] : [`keep-for ${periodText(keepFor)}`]),
    ...(keepLast === undefined ? [] : [`keep-last ${keepLast}, it is number ${place}`]),
  ].join(` ${combine ?? ''} `);
  // In one piece: a text that is put together with `+` keeps all that it was made of.
  return { stays, text: [from, ': ', when, '; ', words].join('') };
}
