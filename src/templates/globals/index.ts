/** The names that every template has. */
import { NativeFunction, raise, type Value } from '../python/index.ts';
import { cycler, joiner } from './cycler.ts';
import { namespace } from './namespace.ts';
import { dict, range } from './types.ts';

export { Namespace } from './namespace.ts';

const lipsum = new NativeFunction('lipsum', () =>
  raise(
    "'lipsum' is refused, since its text is another one each time and the same sources have to give the same image",
  ),
);

/** Global names: range, dict, lipsum, cycler, joiner, namespace. */
export const globals: ReadonlyMap<string, Value> = new Map(
  [range, dict, lipsum, cycler, joiner, namespace].map((each) => [each.name, each]),
);
