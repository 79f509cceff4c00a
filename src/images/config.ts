/** `images.yaml` as the rest of the suite sees it: checked, with every default filled in. */
import type { Data } from '../documents/index.ts';
import type { Place } from '../problems.ts';
import type { Platform } from './records.ts';
import type { Policy } from './retention.ts';
import type { TagRule } from './tag-rules.ts';

/** What `vars` holds: anything that YAML can say. */
export type Variables = Readonly<Record<string, Data>>;

/** How templates are read and rendered. */
export interface TemplateSettings {
  /** Folders, besides an image's own, that templates may include from. */
  readonly folders: readonly string[];
  /** Templates whose macros and variables every template has without importing them. */
  readonly macros: readonly string[];
  /** Templates that extend those of images. */
  readonly override: readonly string[];
  /** What the use of undefined names leads to. */
  readonly undefined: 'strict' | 'lenient';
  readonly keepTrailingNewline: boolean;
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
}

export interface Config {
  /** Path in the repository, `images.yaml` by default. */
  readonly file: string;
  readonly registry: string;
  readonly namespace: string;
  /** Further places of publication, as `registry/namespace`. */
  readonly copies: readonly string[];
  /** Put in front of each image's name: `prefix` + `name` is the last part of its repository. */
  readonly imagePrefix: string;
  readonly vars: Variables;
  readonly templates: TemplateSettings;
  /** The rules of images that have none of their own. */
  readonly tags: readonly TagRule[];
  /** How long builds stay. */
  readonly retention: Policy;
  /** In the order of their names. */
  readonly images: readonly ImageSettings[];
}

/** All paths are repository paths with `/`, without a leading `./`; the repository's root is `.`. */
export interface ImageSettings {
  readonly name: string;
  /** `registry/namespace/name`, without tag. */
  readonly repository: string;
  readonly template: string;
  /** The template's folder. */
  readonly folder: string;
  /** The folder that becomes the build context. */
  readonly context: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly platforms: readonly Platform[];
  readonly sources: readonly SourceSettings[];
  /** Test file, or the folder that holds `tests.yaml` or `goss.yaml` and what it names; absent without tests. */
  readonly tests?: string;
  readonly tags: readonly TagRule[];
  /** Global ones, overridden by the image's own. */
  readonly vars: Variables;
  /** Where it is declared, else its template. */
  readonly place: Place;
}

/** An application repository whose source goes into the build context. */
export interface SourceSettings {
  readonly name: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly ref: string;
  /** Folder in the build context. */
  readonly path: string;
  readonly place: Place;
}

/** Git paths whose object ids enter the input key: what can change an image without its upstreams. */
export function inputPaths(config: Config, image: ImageSettings): readonly string[] {
  const { folders, macros, override } = config.templates;
  const paths = new Set([config.file, image.template, image.folder, image.context, ...folders, ...macros, ...override]);
  if (image.tests !== undefined) paths.add(image.tests);
  const within = (path: string): boolean =>
    [...paths].some((other) => other !== path && (other === '.' || path.startsWith(`${other}/`)));
  // A tree's id says all about what is in it.
  return [...paths].filter((path) => !within(path)).sort();
}
