/** What Python's operations need to know of the template that they are done for. */
import {
  type Evaluation,
  type Filter,
  type Test,
  Undefined,
  UndefinedError,
  type UndefinedMode,
} from '../python/index.ts';
import type { Context } from './context.ts';
import type { RenderLimits } from './limits.ts';
import type { Rendering } from './rendering.ts';
import type { Origin } from './report.ts';

export class TemplateEvaluation implements Evaluation {
  readonly rendering: Rendering;
  readonly undefined: UndefinedMode;
  readonly limits: RenderLimits;
  autoescape = false;
  /** That of the template itself. */
  context: Context | undefined;

  constructor(rendering: Rendering) {
    this.rendering = rendering;
    this.undefined = rendering.undefined;
    this.limits = rendering.limits;
  }

  /** Called by checked templates before each step: a place is a packed one. */
  at(path: string, place: number): this {
    this.rendering.report?.moveTo(path, place);
    return this;
  }

  undefinedOf(message: string, name?: string, known?: () => readonly string[]): Undefined {
    return new PlacedUndefined(this.undefined, message, name, known, this.rendering.report?.origin());
  }

  filter(name: string): Filter | undefined {
    return this.rendering.filters.get(name);
  }

  test(name: string): Test | undefined {
    return this.rendering.tests.get(name);
  }

  /** All names that the template could mean. */
  knownNames(): string[] {
    const { context } = this;
    return context === undefined ? [] : [...context.template.names, ...context.vars.keys(), ...context.parent.all()];
  }
}

const origins = new WeakMap<object, Origin>();

/** Where what an error is about came from, when that is known. */
export function originOf(error: object): Origin | undefined {
  return origins.get(error);
}

class PlacedUndefined extends Undefined {
  private readonly origin: Origin | undefined;

  constructor(
    mode: UndefinedMode,
    message: string,
    name: string | undefined,
    known: (() => readonly string[]) | undefined,
    origin: Origin | undefined,
  ) {
    super(mode, message, name, known);
    this.origin = origin;
  }

  override fail(): never {
    try {
      return super.fail();
    } catch (error) {
      if (error instanceof UndefinedError && this.origin !== undefined) origins.set(error, this.origin);
      throw error;
    }
  }
}
