/** Templates as values. */
import { PythonObject, type Value } from '../python/index.ts';
import type { Context } from './context.ts';
import type { Template } from './template.ts';

/** What `import` gives: `TemplateModule` of jinja2/environment.py (3.1). */
export class TemplateModule extends PythonObject {
  readonly typeName = 'TemplateModule';
  readonly path: string;
  /** What the template gives when it is rendered. */
  readonly text: string;
  /** It does not change any more. */
  private readonly context: Context;

  constructor(path: string, text: string, context: Context) {
    super();
    this.path = path;
    this.text = text;
    this.context = context;
  }

  override attribute(name: string): Value | undefined {
    return this.context.isExported(name) ? this.context.vars.get(name) : undefined;
  }

  names(): string[] {
    return [...this.context.vars.keys()].filter((name) => this.context.isExported(name));
  }

  /** All that can be imported. */
  values(): Map<string, Value> {
    return new Map([...this.context.vars].filter(([name]) => this.context.isExported(name)));
  }

  override repr(): string {
    return `<TemplateModule '${this.path}'>`;
  }

  override str(): string {
    return this.text;
  }
}

/** `parent_template` of a template override. */
export class TemplateValue extends PythonObject {
  readonly typeName = 'Template';
  readonly template: Template;

  constructor(template: Template) {
    super();
    this.template = template;
  }
}
