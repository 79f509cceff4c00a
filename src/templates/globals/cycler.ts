/** `cycler()` and `joiner()`: values that know how often they were asked. */
import {
  bindArguments,
  type Callable,
  NativeFunction,
  PythonObject,
  parametersOf,
  raise,
  refuseKwargs,
  Tuple,
  type Value,
} from '../python/index.ts';

/** Goes through its items one by one, and begins again at the end. */
class Cycler extends PythonObject {
  readonly typeName = 'Cycler';
  private readonly items: readonly Value[];
  private position = 0;
  private readonly methods: ReadonlyMap<string, Value> = new Map([
    ['next', new NativeFunction('next', () => this.next())],
    ['reset', new NativeFunction('reset', () => this.reset())],
  ]);

  constructor(items: readonly Value[]) {
    super();
    this.items = items;
  }

  override attribute(name: string): Value | undefined {
    if (name === 'current') return this.items[this.position];
    if (name === 'pos') return this.position;
    if (name === 'items') return new Tuple(this.items);
    return this.methods.get(name);
  }

  private next(): Value {
    const item = this.items[this.position] ?? null;
    this.position = (this.position + 1) % this.items.length;
    return item;
  }

  private reset(): null {
    this.position = 0;
    return null;
  }
}

/** Gives nothing when it is called first, then its separator. */
class Joiner extends PythonObject implements Callable {
  readonly typeName = 'Joiner';
  private readonly separator: Value;
  private used = false;

  constructor(separator: Value) {
    super();
    this.separator = separator;
  }

  override attribute(name: string): Value | undefined {
    if (name === 'sep') return this.separator;
    return name === 'used' ? this.used : undefined;
  }

  override call(): Value {
    if (this.used) return this.separator;
    this.used = true;
    return '';
  }
}

export const cycler = new NativeFunction('cycler', (args, kwargs) => {
  refuseKwargs("'cycler'", kwargs);
  return args.length > 0 ? new Cycler(args) : raise("'cycler' needs at least one item");
});

const joinerParameters = parametersOf("'joiner'", '? sep');

export const joiner = new NativeFunction('joiner', (args, kwargs) => {
  const [separator = ', '] = bindArguments(joinerParameters, args, kwargs);
  return new Joiner(separator);
});
