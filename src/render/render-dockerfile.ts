/** Renders one image's Dockerfile and finds what it builds on: from texts alone, wherever they come from. */
import { parseDockerfile, upstreamReferences } from '../dockerfile/index.ts';
import type { UpstreamName } from '../fleet/types.ts';
import type { Config, ImageSettings } from '../images/config.ts';
import { canonicalReference, type TemplateLine } from '../images/index.ts';
import { fail, type Place, ProblemsError, problemsOf } from '../problems.ts';
import {
  createRenderer,
  openStore,
  type Rendered,
  type RenderOptions,
  type TemplateLoader,
  type TemplateSource,
} from '../templates/index.ts';
import { templateFolders, templateFunctions, templateVariables } from './variables.ts';

export interface WrittenUpstream {
  /** As the rendered Dockerfile writes it. */
  readonly written: string;
  readonly reference: string;
  /** Line of the template. */
  readonly place: Place;
}

export interface RenderedDockerfile {
  readonly text: string;
  /** Where each line of the text comes from. */
  readonly templateLines: readonly TemplateLine[];
  readonly upstreams: readonly WrittenUpstream[];
}

/** Renders templates of one image: `path` is that of a template of the repository. */
export type RenderTemplate = (path: string, options?: RenderOptions) => Rendered;

/** The templates of a repository, each of which is read and compiled once for all images. */
export function openTemplates({ templates }: Config, loader: TemplateLoader): TemplateSource {
  return openStore(loader, templates);
}

export function imageRenderer(
  config: Config,
  image: ImageSettings,
  templates: TemplateSource,
  defaultBranch: string,
): RenderTemplate {
  const { macros, undefined: mode } = config.templates;
  const render = createRenderer(templates, { folders: templateFolders(config, image), macros, undefined: mode });
  const variables = templateVariables(config, image, defaultBranch);
  const one: RenderTemplate = (path, options) => render(path, variables, functions, options);
  const functions = templateFunctions(config, image, defaultBranch, templates, (path) => one(path).text);
  return one;
}

/** @throws ProblemsError with places in the template */
export function renderDockerfile(
  { templates: { override } }: Config,
  image: ImageSettings,
  templates: TemplateSource,
  render: RenderTemplate,
): RenderedDockerfile {
  const { template } = image;
  const written = templates.text(template);
  if (written === undefined)
    return fail(`template ${template} of image '${image.name}' does not exist`, {
      hint: "create it, or correct 'template'",
      place: image.place,
    });
  const isTemplate = template.endsWith('.j2');
  const { text, sources } = isTemplate ? render(template, { sources: true, override }) : plain(written, template);
  const placeOf = (line: number, column?: number): Place => {
    const own = sources[line - 1];
    if (own === undefined) return { file: template };
    return { ...own, ...(isTemplate || column === undefined ? {} : { column }) };
  };
  const parsed = parseDockerfile(text, template);
  try {
    const found = upstreamReferences(parsed, image.buildArgs, image.target, { platforms: image.platforms });
    return {
      text,
      templateLines: sources.map(({ file, line }) => (file === template ? line : { file, line })),
      upstreams: found.map(({ reference, line, column }) => ({
        written: reference,
        reference: canonicalReference(reference),
        place: placeOf(line, column),
      })),
    };
  } catch (error) {
    throw new ProblemsError(
      problemsOf(error).map(({ place, ...rest }) => ({ ...rest, place: placeOf(place?.line ?? 0, place?.column) })),
    );
  }
}

/**
 * What an image builds on, by name: for who has the texts of a repository, but no checkout.
 * @throws ProblemsError when the image is unknown or its template is broken
 */
export function renderUpstreams(
  config: Config,
  imageName: string,
  loader: TemplateLoader,
  defaultBranch = 'main',
): UpstreamName[] {
  const image =
    config.images.find(({ name }) => name === imageName) ??
    fail(`${config.file} has no image '${imageName}'`, { place: { file: config.file } });
  const templates = openTemplates(config, loader);
  const render = imageRenderer(config, image, templates, defaultBranch);
  const { upstreams } = renderDockerfile(config, image, templates, render);
  const references = [...new Set(upstreams.map(({ reference }) => reference))];
  return [
    ...references.map((reference): UpstreamName => ({ kind: 'image', reference })),
    ...image.sources.map(({ repository, ref }): UpstreamName => ({ kind: 'source', repository, ref })),
  ];
}

/** A file that is no template stands for itself. */
function plain(text: string, file: string): Rendered {
  return { text, sources: text.split('\n').map((_, index) => ({ file, line: index + 1 })) };
}
