/** Python's values and what Python does with them, as far as templates can see it. Knows nothing of templates' syntax. */

export { getattr, getitem } from './access.ts';
export { bindArguments, type Parameters } from './arguments.ts';
export { add, concat, div, floordiv, mod, mul, neg, pos, pow, sub } from './arithmetic.ts';
export { call, callMethod } from './call.ts';
export { type ComparisonOperator, compare, contains, equal } from './compare.ts';
export { fromData, toData } from './data.ts';
export { Dict } from './dict.ts';
export { LimitError, raise, TemplateError, UndefinedError } from './errors.ts';
export type { Evaluation, Filter, Kwargs, Limits, Test, UndefinedMode } from './evaluation.ts';
export { noKwargs } from './evaluation.ts';
export { type NativeCall, NativeFunction } from './function.ts';
export { iterate, length, PythonIterator } from './iteration.ts';
export { escapeHtml, Markup } from './markup.ts';
export { repr, str } from './print.ts';
export { Range } from './range.ts';
export { slice } from './slice.ts';
export { truth, typeName } from './types.ts';
export { type Callable, Float, isCallable, PythonObject, Tuple, Undefined, type Value } from './values.ts';
