/** What filters are made of. */
import {
  type Bound,
  bindArguments,
  type Evaluation,
  type Filter,
  isText,
  type Markup,
  parametersOf,
  str,
  type Value,
  workOn,
} from '../python/index.ts';

export type NamedFilter = readonly [string, Filter];

/**
 * A filter with its parameters bound.
 * @param parameters names separated by spaces, those after a `?` optional: `old new ? count`; with `/` at the end they
 * can't be given by name
 */
export function filter(
  name: string,
  parameters: string,
  body: (value: Value, args: Bound, evaluation: Evaluation) => Value,
): NamedFilter {
  const bound = parametersOf(`the filter '${name}'`, parameters);
  return [
    name,
    (evaluation, value, args, kwargs) => {
      workOn(value, evaluation.limits);
      return body(value, bindArguments(bound, args, kwargs), evaluation);
    },
  ];
}

/** A text as it is, with Markup kept; any other value as text. */
export function softText(value: Value, evaluation: Evaluation): string | Markup {
  return isText(value) ? value : str(value, evaluation);
}
