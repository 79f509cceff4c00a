/** Templates in the Jinja2 dialect: rendering them, from disk or from texts at hand. */
export { diskLoader, type TemplateLoader, textLoader } from './loader.ts';
export { createRenderer, type Render, type Rendered, type RendererOptions, type TemplateFunction } from './renderer.ts';
