/** Rendering: from templates and `images.yaml` to build contexts, keys and the decision what is to be built. */

export { loadRepository } from './load.ts';
export { upstreamsFirst } from './order.ts';
export { type RenderOptions, renderImages } from './render.ts';
export { imageRenderer, type RenderedDockerfile, renderDockerfile, renderUpstreams } from './render-dockerfile.ts';
export { selectImages, withInputs } from './select.ts';
