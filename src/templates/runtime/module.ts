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
  readonly exported: ReadonlyMap<string, Value>;

  constructor(path: string, text: string, context: Context) {
    super();
    this.path = path;
    this.text = text;
    const exported = new Map<string, Value>();
    for (const name of context.exported) {
      const value = context.vars.get(name);
      if (value !== undefined) exported.set(name, value);
    }
    this.exported = exported;
  }

  override attribute(name: string): Value | undefined {
    return this.exported.get(name);
  }

  names(): string[] {
    return [...this.exported.keys()];
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
