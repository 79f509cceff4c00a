/** Names of owners and repositories, and the list of those that make up a fleet. */
import { fail, type Problem, ProblemsError } from '../problems.ts';

const ownerPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$/;
const namePattern = /^[A-Za-z0-9._-]{1,100}$/;
/** https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/classifying-your-repository-with-topics */
const topicPattern = /^[a-z0-9][a-z0-9-]{0,49}$/;

/** @throws ProblemsError for text that is no `owner/name` */
export function splitRepository(repository: string): { readonly owner: string; readonly name: string } {
  return (
    trySplit(repository) ?? fail(`'${repository}' is not the name of a repository`, { hint: "write 'owner/name'" })
  );
}

function trySplit(text: string): { readonly owner: string; readonly name: string } | undefined {
  const [owner = '', name = '', ...more] = text.split('/');
  const valid = more.length === 0 && ownerPattern.test(owner) && namePattern.test(name) && !/^\.\.?$/.test(name);
  return valid ? { owner, name } : undefined;
}

/** One line of a fleet's list: a repository, or an owner's repositories, all or those with a topic. */
export type FleetEntry =
  | { readonly kind: 'repository'; readonly repository: string }
  | { readonly kind: 'owner'; readonly owner: string; readonly topic?: string };

/**
 * Reads the lines of the input `fleet`: `owner/name`, `owner`, or `owner topic:name`.
 * @throws ProblemsError with all lines that are none of these
 */
export function parseFleet(lines: readonly string[]): readonly FleetEntry[] {
  const problems: Problem[] = [];
  const entries = lines.flatMap((line): FleetEntry[] => {
    const entry = readEntry(line);
    if (entry !== undefined) return [entry];
    problems.push({
      message: `input 'fleet': '${line}' names no repositories`,
      hint: "write 'owner/name' for one, 'owner' for all of an owner, or 'owner topic:name' for those with a topic",
    });
    return [];
  });
  if (problems.length > 0) throw new ProblemsError(problems);
  return entries;
}

function readEntry(line: string): FleetEntry | undefined {
  const [first = '', second, ...more] = line.split(/\s+/);
  if (more.length > 0) return undefined;
  if (second !== undefined) {
    const topic = second.startsWith('topic:') ? second.slice('topic:'.length).toLowerCase() : '';
    return ownerPattern.test(first) && topicPattern.test(topic) ? { kind: 'owner', owner: first, topic } : undefined;
  }
  if (ownerPattern.test(first)) return { kind: 'owner', owner: first };
  return trySplit(first) === undefined ? undefined : { kind: 'repository', repository: first };
}
