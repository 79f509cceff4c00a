/** Python's values and what Python does with them, as far as templates can see it. Knows nothing of templates' syntax. */
export { attributeOf, getattr, getitem } from './access.ts';
export { bindArguments, type Parameters, refuseKwargs } from './arguments.ts';
export { add, concat, div, floordiv, mod, mul, neg, pos, pow, repeatText, sub } from './arithmetic.ts';
export { call, callMethod } from './call.ts';
export { type ComparisonOperator, compare, contains, equal } from './compare.ts';
export { fromData, toData } from './data.ts';
export { roundFloat } from './decimal.ts';
export { Dict, DictView } from './dict.ts';
export { LimitError, raise, TemplateError, UndefinedError } from './errors.ts';
export type { Evaluation, Filter, Kwargs, Limits, Test, UndefinedMode } from './evaluation.ts';
export { noKwargs, work } from './evaluation.ts';
export { floatText, parseFloatText } from './float-text.ts';
export { formatValue } from './format-spec.ts';
export { NativeFunction } from './function.ts';
export { hashKey } from './hash.ts';
export { stripTags } from './html.ts';
export {
  asIndex,
  floatArgument,
  intArgument,
  intText,
  parseInteger,
  roundInt,
  toInt,
  truncate,
} from './integers.ts';
export {
  generator,
  type ItemStep,
  ItemTaker,
  isIterable,
  itemGenerator,
  iterate,
  length,
  listOf,
  PythonIterator,
  workOn,
} from './iteration.ts';
export { lazily } from './lazily.ts';
export { escapeHtml, escapeText, Markup } from './markup.ts';
export { dictFromKeys, updateDict } from './methods/dict.ts';
export { callTextMethod } from './methods/markup.ts';
export { type Bound, parametersOf } from './methods/method.ts';
export { isLower, isUpper } from './methods/text-case.ts';
export { asText } from './methods/text-search.ts';
export { splitLines } from './methods/text-split.ts';
export { quote, repr, str } from './print.ts';
export { Range } from './range.ts';
export { slice } from './slice.ts';
export { sortedBy } from './sort.ts';
export { compareTexts, subtext, textLength, whitespace } from './text.ts';
export { describe, isInt, isText, textOf, truth, typeName } from './types.ts';
export { type Callable, Float, isCallable, PythonObject, Tuple, Undefined, type Value } from './values.ts';
