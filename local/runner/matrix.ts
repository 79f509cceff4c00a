import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json } from './expressions.ts';

export type Combination = Record<string, Json>;

/**
 * The combinations of a matrix: product of its lists, less `exclude`, then `include`, which extends the combinations
 * that it contradicts in no original value, or else adds one of its own.
 * @throws Error when the value has another shape, or gives more than 256 jobs
 */
export function expandMatrix(matrix: Json): Combination[] {
  if (!isObject(matrix)) throw new Error('the matrix is not a mapping; give lists by name');
  const { include, exclude, ...lists } = matrix;
  const names = Object.keys(lists);
  let product: Combination[] = names.length === 0 ? [] : [{}];
  for (const name of names) {
    const values = lists[name];
    if (!Array.isArray(values)) throw new Error(`matrix.${name} is not a list; write its values as a list`);
    if (values.length === 0) throw new Error(`matrix.${name} has no values; give it one, or skip the job with 'if:'`);
    product = product.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value })));
  }
  const excluded = mappings(exclude, 'exclude');
  product = product.filter(
    (combination) =>
      !excluded.some((entry) =>
        Object.entries(entry).every(([key, value]) => isDeepStrictEqual(combination[key], value)),
      ),
  );
  const originals = product.map((combination) => ({ ...combination }));
  const added: Combination[] = [];
  for (const entry of mappings(include, 'include')) {
    let extended = false;
    for (const [index, original] of originals.entries()) {
      const contradicts = Object.entries(entry).some(
        ([key, value]) => key in original && !isDeepStrictEqual(original[key], value),
      );
      if (contradicts) continue;
      Object.assign(product[index] ?? {}, entry);
      extended = true;
    }
    if (!extended) added.push({ ...entry });
  }
  const all = [...product, ...added];
  if (all.length > 256) throw new Error(`the matrix has ${all.length} jobs; GitHub allows 256`);
  return all;
}

/** What GitHub adds to the name of a job: ` (1, linux)`. */
export function combinationSuffix(combination: Combination): string {
  const scalars = Object.values(combination).flatMap((value): Json[] =>
    isObject(value) ? Object.values(value) : Array.isArray(value) ? value : [value],
  );
  return scalars.length === 0 ? '' : ` (${scalars.join(', ')})`;
}

function mappings(value: Json | undefined, key: string): Combination[] {
  if (value === undefined || value === null || value === '') return [];
  if (!Array.isArray(value) || !value.every(isObject)) throw new Error(`matrix.${key} is not a list of mappings`);
  return value;
}
