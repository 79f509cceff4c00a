/** Which images of a run are tested. */
import { closest } from '../documents/suggestion.ts';
import { type Problem, ProblemsError } from '../problems.ts';

/**
 * @param patterns names or globs; none means all
 * @throws ProblemsError for each pattern that matches nothing
 */
export async function selectNamed<Item extends { readonly name: string }>(
  items: readonly Item[],
  patterns: readonly string[],
): Promise<readonly Item[]> {
  if (patterns.length === 0) return items;
  const { default: picomatch } = await import('picomatch');
  const names = items.map(({ name }) => name);
  const problems = patterns.flatMap((pattern): Problem[] => {
    const matches = picomatch(pattern);
    if (names.some((name) => matches(name))) return [];
    const near = closest(pattern, names);
    const known = `the images of this job are ${names.join(', ')}`;
    return [
      {
        message: `input 'images': there is no image '${pattern}'`,
        hint: near === undefined ? known : `did you mean '${near}'?`,
      },
    ];
  });
  if (problems.length > 0) throw new ProblemsError(problems);
  return items.filter(({ name }) => picomatch([...patterns])(name));
}
