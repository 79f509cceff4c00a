/** Which tags a run publishes under. */
import { sha256Hex } from '../hash.ts';
import type { RunRef } from './records.ts';
import type { TagRule } from './tag-rules.ts';

/** The grammar of https://semver.org, with the `v` that git tags usually have. */
const semver = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Tags that mean something to the suite, to referrers, or to people who read them as a version. */
const meaningful =
  /^(?:[ikct]-[0-9a-f]{32}|p-\d{8}T\d{6}Z-[0-9a-f]{12}|hold-.*|rotation-pending|sha256-.*|sha-[0-9a-f]+|v?\d+(?:\.\d+)*(?:[-+].*)?)$/;

const longest = 128;

/** The tags that a run of `ref` publishes under; the first is the main one. None on a pull request. */
export function tagsFor(rules: readonly TagRule[], ref: RunRef): string[] {
  if (ref.type === 'pull-request') return [];
  if (ref.type === 'tag') return unique(rules.flatMap((rule) => tagsOfGitTag(rule, ref)));
  const main = mainTags(rules, ref.defaultBranch);
  if (!ref.isDefaultBranch) return [branchTag(ref.name, main)];
  return unique([...main, ...(rules.some(({ type }) => type === 'sha') ? [`sha-${ref.revision.slice(0, 7)}`] : [])]);
}

/** The tags that stay the same from commit to commit of the default branch. */
export function mainTags(rules: readonly TagRule[], defaultBranch: string): string[] {
  return unique(
    rules.flatMap((rule) => {
      if (rule.type === 'raw') return [rule.value];
      return rule.type === 'ref' && rule.event === 'branch' ? [slug(defaultBranch)] : [];
    }),
  );
}

/** The first of `mainTags`; `latest` where no rule gives one. */
export function mainTag(rules: readonly TagRule[], defaultBranch: string): string {
  return mainTags(rules, defaultBranch)[0] ?? 'latest';
}

/** The tag of a branch: a slug of its name that is no main tag, no tag of the suite's memory and no version. */
export function branchTag(name: string, reserved: readonly string[]): string {
  let tag = slug(name);
  while (reserved.includes(tag) || meaningful.test(tag)) tag = shorten(`branch-${tag}`);
  return tag;
}

function tagsOfGitTag(rule: TagRule, ref: RunRef): string[] {
  if (rule.type === 'ref') return rule.event === 'tag' ? [slug(ref.name)] : [];
  if (rule.type === 'sha') return [`sha-${ref.revision.slice(0, 7)}`];
  if (rule.type === 'raw') return [];
  const [, major = '', minor = '', patch = '', prerelease] = semver.exec(ref.name) ?? [];
  if (major === '') return [];
  // As docker/metadata-action does: a pre-release never moves the tags of its series.
  if (prerelease !== undefined) return [`${major}.${minor}.${patch}-${prerelease}`];
  switch (rule.pattern) {
    case '{{version}}':
      return [`${major}.${minor}.${patch}`];
    case '{{major}}.{{minor}}':
      return [`${major}.${minor}`];
    case '{{major}}':
      return [major];
  }
}

function slug(name: string): string {
  const text = name.replace(/[^a-zA-Z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return shorten(text === '' ? `branch-${digestOf(name)}` : text);
}

/** Keeps what is cut off as a hash, so that two long names stay two tags. */
function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 9)}-${digestOf(text)}`;
}

function digestOf(text: string): string {
  return sha256Hex(text).slice(0, 8);
}

function unique(tags: readonly string[]): string[] {
  return [...new Set(tags)];
}
