/** The parts of nunjucks 3.2 that its public types leave out; the package exports them as plain files. */
declare module 'nunjucks/src/environment.js' {
  export type Callback<T> = (error: Error | null, result?: T) => void;

  export class Template {
    constructor(source: { type: 'code'; obj: object }, environment: Environment, path: string, eager?: boolean);
    render(context: object): string;
  }

  export class Environment {
    constructor(loaders: readonly object[], options: { autoescape: boolean; throwOnUndefined: boolean; dev: boolean });
    globals: Record<string, unknown>;
    asyncFilters: readonly string[];
    addGlobal(name: string, value: unknown): this;
    addFilter(name: string, filter: (...args: never[]) => unknown): this;
    getTemplate(
      name: unknown,
      eager?: boolean,
      parent?: string,
      ignoreMissing?: boolean,
      callback?: Callback<Template>,
    ): Template | undefined;
  }
}

declare module 'nunjucks/src/compiler.js' {
  import type { CompileFrame, TemplateNode } from 'nunjucks/src/nodes.js';

  export class Compiler {
    constructor(templateName: string, throwOnUndefined: boolean);
    templateName: string;
    buffer: string | null;
    compile(node: TemplateNode, frame?: CompileFrame): void;
    getCode(): string;
    fail(message: string, line?: number, column?: number): never;
    _emit(code: string): void;
    _emitLine(code: string): void;
    _emitFuncEnd(noReturn?: boolean): void;
    _closeScopeLevels(): void;
    _compileExpression(node: TemplateNode, frame: CompileFrame): void;
    _templateName(): string;
    _compileGetTemplate(node: TemplateNode, frame: CompileFrame, eager: boolean, ignoreMissing: boolean): string;
    compileSymbol(node: TemplateNode, frame: CompileFrame): void;
    compileLookupVal(node: TemplateNode, frame: CompileFrame): void;
    compileIs(node: TemplateNode, frame: CompileFrame): void;
    compileFilter(node: TemplateNode, frame: CompileFrame): void;
    compileOutput(node: TemplateNode, frame: CompileFrame): void;
    compileCapture(node: TemplateNode, frame: CompileFrame): void;
    _compileMacro(node: TemplateNode, frame?: CompileFrame): string;
    compileInclude(node: TemplateNode, frame: CompileFrame): void;
  }
}

declare module 'nunjucks/src/nodes.js' {
  /** Lines and columns count from 0. */
  export interface TemplateNode {
    readonly typename: string;
    readonly lineno: number;
    readonly colno: number;
    readonly value?: unknown;
    readonly name?: TemplateNode;
    readonly left?: TemplateNode;
    readonly right?: TemplateNode;
    readonly target?: TemplateNode;
    readonly val?: TemplateNode;
    readonly args?: TemplateNode;
    readonly template?: TemplateNode;
    children?: TemplateNode[];
  }

  export interface CompileFrame {
    lookup(name: string): string | null | undefined;
  }
}

declare module 'nunjucks/src/parser.js' {
  import type { TemplateNode } from 'nunjucks/src/nodes.js';

  const parser: { parse(source: string, extensions: readonly object[], options: object): TemplateNode };
  export default parser;
}

declare module 'nunjucks/src/transformer.js' {
  import type { TemplateNode } from 'nunjucks/src/nodes.js';

  const transformer: { transform(tree: TemplateNode, asyncFilters: readonly string[], name: string): TemplateNode };
  export default transformer;
}
