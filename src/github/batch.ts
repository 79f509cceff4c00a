/** Several questions in one GraphQL query. Everything from outside goes into variables, never into the query's text. */
import { type GitHub, isObject, type QueryError } from './client.ts';

/** Writes one field of the query's root; `argument` gives the variable for a value. */
export type Question = (argument: (value: string) => string) => string;

export interface Reply {
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly errors: readonly QueryError[];
}

/** Queries at the same time: GitHub allows 100 requests, and a job is not alone with its token. */
const mostQueries = 4;

/** Asks all questions, `size` in a query; the replies have the order of the questions. */
export async function askInBatches(
  github: GitHub,
  operation: string,
  questions: readonly Question[],
  size: number,
  fragment = '',
): Promise<Reply[]> {
  const replies: Reply[] = [];
  const starts = Array.from({ length: Math.ceil(questions.length / size) }, (_, index) => index * size).values();
  const work = async (): Promise<void> => {
    for (const start of starts) {
      const some = questions.slice(start, start + size);
      const { query, variables } = buildQuery(operation, some);
      const { data, errors } = await github.query(`${query}\n${fragment}`.trimEnd(), variables);
      for (const index of some.keys()) {
        const alias = `q${index}`;
        const found = data[alias];
        replies[start + index] = {
          data: isObject(found) ? found : undefined,
          // An error without a path is one of the whole query.
          errors: errors.filter(({ path }) => path.length === 0 || path[0] === alias),
        };
      }
    }
  };
  await Promise.all(Array.from({ length: mostQueries }, work));
  return replies;
}

export function buildQuery(
  operation: string,
  questions: readonly Question[],
): { readonly query: string; readonly variables: Readonly<Record<string, string>> } {
  const names = new Map<string, string>();
  const argument = (value: string): string => {
    const known = names.get(value);
    if (known !== undefined) return `$${known}`;
    const name = `v${names.size}`;
    names.set(value, name);
    return `$${name}`;
  };
  const fields = questions.map((question, index) => `q${index}: ${question(argument)}`);
  const declared = [...names.values()].map((name) => `$${name}: String!`).join(', ');
  return {
    query: `query ${operation}${declared === '' ? '' : `(${declared})`} {\n${fields.join('\n')}\n}`,
    variables: Object.fromEntries([...names].map(([value, name]) => [name, value])),
  };
}
