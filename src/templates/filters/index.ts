/** The filters of Jinja2. */
import { asText, attributeOf, describe, type Filter, quote, raise, truth, Undefined } from '../python/index.ts';
import { filter, type NamedFilter } from './filter.ts';
import { htmlFilters } from './html.ts';
import { numberFilters } from './numbers.ts';
import { orderingFilters } from './ordering.ts';
import { prettyPrint } from './pprint.ts';
import { selectionFilters } from './selection.ts';
import { sequenceFilters } from './sequences.ts';
import { textFilters } from './text.ts';

const preset = (name: string) =>
  filter(name, '? default_value boolean', (value, [otherwise = '', boolean = false]) =>
    value instanceof Undefined || (truth(boolean) && !truth(value)) ? otherwise : value,
  );

const generalFilters: readonly NamedFilter[] = [
  preset('default'),
  preset('d'),
  filter('attr', 'name', (value, [name], evaluation) => {
    const attribute = asText(name, 'the name of an attribute');
    if (value instanceof Undefined) value.fail();
    const found = /^__\w*__$/.test(attribute) ? undefined : attributeOf(value, attribute, evaluation);
    if (found !== undefined) return found;
    const message = `there is no attribute ${quote(attribute)} of ${describe(value)}`;
    return evaluation.undefinedOf(message, attribute);
  }),
  filter('pprint', '', (value, _, evaluation) => prettyPrint(value, evaluation)),
  filter('random', '', () =>
    raise(
      "the filter 'random' is refused, since the same sources have to give the same image",
      'choose an item by its index',
    ),
  ),
];

/** Filters by name. */
export const filters: ReadonlyMap<string, Filter> = new Map([
  ...generalFilters,
  ...textFilters,
  ...numberFilters,
  ...sequenceFilters,
  ...orderingFilters,
  ...selectionFilters,
  ...htmlFilters,
]);
