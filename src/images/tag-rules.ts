/** Tag rules, in the spelling of docker/metadata-action: https://github.com/docker/metadata-action#tags-input */
import { isTag } from './reference.ts';

export type SemverPattern = '{{version}}' | '{{major}}.{{minor}}' | '{{major}}';

export type TagRule =
  | { readonly type: 'raw'; readonly value: string }
  | { readonly type: 'semver'; readonly pattern: SemverPattern }
  | { readonly type: 'ref'; readonly event: 'branch' | 'tag' | 'pr' }
  | { readonly type: 'sha' };

const semverPatterns: readonly string[] = ['{{version}}', '{{major}}.{{minor}}', '{{major}}'] satisfies SemverPattern[];
const events: readonly string[] = ['branch', 'tag', 'pr'];

/** Reads a rule; a plain word is a tag. For anything else returns what is wrong, as a sentence. */
export function parseTagRule(text: string): TagRule | string {
  if (!text.includes('=')) return isTag(text) ? { type: 'raw', value: text } : `'${text}' is not a tag`;
  const attributes = new Map<string, string>();
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    if (equals < 1) return `'${part}' is not an attribute of the form name=value`;
    attributes.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const type = attributes.get('type');
  attributes.delete('type');
  const take = (name: string): string | undefined => {
    const value = attributes.get(name);
    attributes.delete(name);
    return value;
  };
  const rule = readRule(type, take);
  const [rest] = attributes.keys();
  if (typeof rule !== 'string' && rest !== undefined) return `a rule of type '${type}' has no attribute '${rest}'`;
  return rule;
}

function readRule(type: string | undefined, take: (name: string) => string | undefined): TagRule | string {
  switch (type) {
    case 'raw': {
      const value = take('value') ?? '';
      return isTag(value) ? { type, value } : `'${value}' is not a tag`;
    }
    case 'semver': {
      const pattern = take('pattern') ?? '';
      if (!isSemverPattern(pattern)) return `pattern '${pattern}' is none of ${semverPatterns.join(', ')}`;
      return { type, pattern };
    }
    case 'ref': {
      const event = take('event') ?? '';
      return isEvent(event) ? { type, event } : `event '${event}' is none of ${events.join(', ')}`;
    }
    case 'sha':
      return { type };
    default:
      return `type '${type ?? ''}' is none of raw, semver, ref, sha`;
  }
}

function isSemverPattern(text: string): text is SemverPattern {
  return semverPatterns.includes(text);
}

function isEvent(text: string): text is 'branch' | 'tag' | 'pr' {
  return events.includes(text);
}
