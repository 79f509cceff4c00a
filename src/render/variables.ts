/** What templates can name and call: the words of the seed family, and those of `vars`. */
import { posix } from 'node:path';
import { closest, type Data, FloatNumber } from '../documents/index.ts';
import type { Config, ImageSettings } from '../images/config.ts';
import { mainTag } from '../images/index.ts';
import { fail } from '../problems.ts';
import { Float, type TemplateFunction, type TemplateSource } from '../templates/index.ts';

/** Folders that an image's templates may include from, in the order they are searched. */
export function templateFolders(config: Config, image: ImageSettings): string[] {
  return [...new Set([image.folder, ...config.templates.folders])];
}

export function templateVariables(
  config: Config,
  image: ImageSettings,
  defaultBranch: string,
): Record<string, unknown> {
  return {
    namespace: `${config.registry}/${config.namespace}`,
    image_prefix: config.imagePrefix,
    tag: mainTag(config.tags, defaultBranch),
    maintainer: '',
    include_header: '',
    include_footer: '',
    image_name: image.name,
    ...Object.fromEntries(Object.entries(image.vars).map(([name, value]) => [name, templateData(value)])),
  };
}

/** What YAML says, as templates know it. */
function templateData(data: Data): unknown {
  if (data instanceof FloatNumber) return new Float(data.value);
  if (data instanceof Map) return new Map([...data].map(([key, value]) => [templateData(key), templateData(value)]));
  return Array.isArray(data) ? data.map(templateData) : data;
}

/** @param render renders another template of the repository with the same variables and functions */
export function templateFunctions(
  config: Config,
  image: ImageSettings,
  defaultBranch: string,
  templates: TemplateSource,
  render: (path: string) => string,
): Record<string, TemplateFunction> {
  return {
    image_spec: (name) => imageReference(config, textOf(name, 'image_spec'), defaultBranch),
    copy_sources: (source, folder) => copyLine(image, textOf(source, 'copy_sources'), textOf(folder, 'copy_sources')),
    render: (file) => {
      const name = textOf(file, 'render');
      const paths = [
        ...templateFolders(config, image).map((folder) => posix.join(folder, name)),
        posix.normalize(name),
      ];
      const path = paths.find((candidate) => templates.text(candidate) !== undefined);
      return render(path ?? fail(`template '${name}' does not exist`, { hint: `looked for ${paths.join(', ')}` }));
    },
  };
}

/** The reference of an image's main tag: of one in this repository, or of another in the namespace. */
export function imageReference(config: Config, name: string, defaultBranch: string): string {
  const own = config.images.find((image) => image.name === name);
  const repository = own?.repository ?? `${config.registry}/${config.namespace}/${config.imagePrefix}${name}`;
  return `${repository}:${mainTag(own?.tags ?? config.tags, defaultBranch)}`;
}

function copyLine({ name: image, sources }: ImageSettings, wanted: string, folder: string): string {
  const source =
    sources.find(({ name }) => name === wanted) ??
    sources.find(({ repository }) => repository === wanted) ??
    sources.find(({ repository }) => repository.endsWith(`/${wanted}`));
  if (source === undefined) {
    const names = sources.map(({ name }) => name);
    const near = closest(wanted, names);
    const known =
      names.length === 0 ? `add it under 'sources' of ${image} in images.yaml` : `sources are ${names.join(', ')}`;
    return fail(`image '${image}' has no source '${wanted}'`, {
      hint: near === undefined ? known : `did you mean '${near}'?`,
    });
  }
  const words = [source.path, folder];
  // Only the JSON form can hold a space.
  return words.some((word) => /\s/.test(word)) ? `COPY ${JSON.stringify(words)}` : `COPY ${words.join(' ')}`;
}

function textOf(value: unknown, caller: string): string {
  return typeof value === 'string' && value !== ''
    ? value
    : fail(`${caller} needs text that is not empty`, { hint: 'put names in quotes' });
}
