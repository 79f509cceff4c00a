/** `range()` and `dict()`. */
import {
  asIndex,
  bindArguments,
  Dict,
  dictFromKeys,
  LimitError,
  NativeFunction,
  parametersOf,
  Range,
  raise,
  refuseKwargs,
  updateDict,
  type Value,
} from '../python/index.ts';

export const range = new NativeFunction('range', (args, kwargs, { limits }) => {
  refuseKwargs("'range'", kwargs);
  const [first, second, third = 1, ...others] = args.map((value) => asIndex(value, "each argument of 'range'"));
  if (first === undefined || others.length > 0) raise(`'range' takes 1 to 3 arguments, not ${args.length}`);
  if (third === 0) raise("the step of 'range' can not be 0");
  const made = second === undefined ? new Range(0, first ?? 0, 1) : new Range(first ?? 0, second, third);
  if (made.length() > limits.maxRange)
    throw new LimitError(`a range of ${made.length()} items is too large; there may be ${limits.maxRange}`);
  return made;
});

/** The type itself: called to make a dict, and with one method of its own. */
class DictType extends NativeFunction {
  private readonly fromKeys: Value;

  constructor() {
    super('dict', (args, kwargs, evaluation) => {
      const dict = new Dict();
      updateDict(dict, "'dict'", args, kwargs, evaluation);
      return dict;
    });
    const parameters = parametersOf("'dict.fromkeys'", 'iterable ? value /');
    this.fromKeys = new NativeFunction('fromkeys', (args, kwargs, evaluation) => {
      const [keys = null, value = null] = bindArguments(parameters, args, kwargs);
      return dictFromKeys(keys, value, evaluation);
    });
  }

  override attribute(name: string): Value | undefined {
    return name === 'fromkeys' ? this.fromKeys : undefined;
  }
}

export const dict = new DictType();
