/** `namespace()`: what `{% set ns.name = … %}` can write to. */
import { Dict, type Evaluation, NativeFunction, PythonObject, updateDict, type Value } from '../python/index.ts';

export class Namespace extends PythonObject {
  readonly typeName = 'Namespace';
  private readonly values: Dict;

  constructor(values: Dict) {
    super();
    this.values = values;
  }

  override attribute(name: string): Value | undefined {
    return this.values.get(name);
  }

  set(name: string, value: Value): void {
    this.values.set(name, value);
  }

  override repr(evaluation: Evaluation): string {
    return `<Namespace ${this.values.repr(evaluation)}>`;
  }
}

export const namespace = new NativeFunction('namespace', (args, kwargs, evaluation) => {
  const values = new Dict();
  updateDict(values, "'namespace'", args, kwargs, evaluation);
  return new Namespace(values);
});
