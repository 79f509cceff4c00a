/** Templates in the Jinja2 dialect: rendering them, from disk or from texts at hand. */
export { diskLoader, type TemplateLoader, textLoader } from './loader.ts';
export { Float } from './python/index.ts';
export {
  createRenderer,
  type Render,
  type Rendered,
  type RendererOptions,
  type RenderOptions,
  type TemplateFunction,
} from './renderer.ts';
export type { LimitOptions } from './runtime/limits.ts';
export type { TemplateSource } from './runtime/rendering.ts';
export type { Source } from './runtime/trace.ts';
export { openStore } from './store.ts';
export type { SyntaxOptions } from './syntax/lexer.ts';
