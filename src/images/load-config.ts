/** Reads `images.yaml`: everything that is wrong with it is said at once, each with its line and column. */
import { posix } from 'node:path';
import {
  checkDocument,
  type Document,
  documentData,
  documentPlace,
  type Path,
  readDocument,
} from '../documents/index.ts';
import { type Problem, ProblemsError, problemsOf } from '../problems.ts';
import type { Config, ImageSettings, SourceSettings, TemplateSettings, Variables } from './config.ts';
import { configSchema, isImageName, type WrittenConfig, type WrittenImage } from './config-schema.ts';
import { policyOf } from './retention.ts';
import { parseTagRule, type TagRule } from './tag-rules.ts';

const defaultRules: readonly TagRule[] = [{ type: 'raw', value: 'latest' }];
const defaultPlatforms: readonly string[] = ['linux/amd64'];

/**
 * @param file path of the text in the repository, for messages and for the input key
 * @param discovered repository paths of files; those of the form `docker/<folder>/<file>` or `docker/<group>/<folder>/<file>` are looked at
 * @throws ProblemsError with all problems
 */
export function loadConfig(text: string, file: string, discovered: Iterable<string>): Config {
  const document = readDocument(text, file);
  const found = discover(discovered);
  const problems: Problem[] = [...found.twice];
  for (const [name, template] of found.images)
    if (!isImageName(name))
      problems.push({
        message: `folder '${name}' is not an image name`,
        hint: "use lower case letters and digits, with '.', '_' or '-' between them, or begin its name with '_'",
        place: { file: template, line: 1 },
      });
  let written: WrittenConfig;
  try {
    written = checkDocument(document, configSchema);
  } catch (error) {
    throw new ProblemsError([...problemsOf(error), ...problems]);
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return build(written, document, found);
}

interface Found {
  /** Template by folder name. */
  readonly images: ReadonlyMap<string, string>;
  readonly tests: ReadonlySet<string>;
  readonly templates: readonly string[];
  /** Images of the same name. */
  readonly twice: readonly Problem[];
}

function discover(paths: Iterable<string>): Found {
  const own = new Map<string, string>();
  const grouped: { readonly group: string; readonly name: string; readonly path: string }[] = [];
  const tests = new Set<string>();
  const templates = new Set<string>();
  for (const path of paths) {
    const [docker, ...names] = path.split('/');
    const [folder = '', inner = '', ...rest] = names;
    if (docker !== 'docker' || names.length < 2) continue;
    const name = names.at(-1);
    if (folder.startsWith('_')) templates.add(`docker/${folder}`);
    else if (rest.length > 1 || (rest.length === 1 && inner.startsWith('_'))) continue;
    else if (name === 'tests.yaml') tests.add(path);
    else if (name !== 'Dockerfile.j2') continue;
    else if (rest.length === 0) own.set(folder, path);
    else grouped.push({ group: folder, name: inner, path });
  }
  const images = new Map(own);
  const twice: Problem[] = [];
  for (const { group, name, path } of grouped) {
    // A folder with a template of its own is an image, and what is in it belongs to that.
    if (own.has(group)) continue;
    const other = images.get(name);
    if (other === undefined) images.set(name, path);
    else
      twice.push({
        message: `image '${name}' is there twice: ${other} is another one`,
        hint: 'rename one of the folders',
        place: { file: path, line: 1 },
      });
  }
  return { images, tests, templates: [...templates].sort(), twice };
}

function build(written: WrittenConfig, document: Document, found: Found): Config {
  const { file } = document;
  const problems: Problem[] = [];
  const registry = written.registry ?? 'ghcr.io';
  const imagePrefix = written['image-prefix'] ?? '';
  const copies = written.copies ?? [];
  const vars = variablesAt(document, ['vars']);
  const tags = rulesOf(written.tags, defaultRules);
  if (!givesMainTag(tags)) problems.push(noMainTag(document, ['tags']));
  for (const [index, copy] of copies.entries())
    if (copy === `${registry}/${written.namespace}` || copies.indexOf(copy) < index)
      problems.push({
        message: `'${copy}' is a place of publication already`,
        hint: 'remove this entry',
        place: documentPlace(document, ['copies', index]),
      });

  const own = written.images ?? {};
  const names = [...new Set([...found.images.keys(), ...Object.keys(own)])].sort();
  const images = names.map((name): ImageSettings => {
    const image: WrittenImage = own[name] ?? {};
    const declared = Object.hasOwn(own, name);
    const usual = found.images.get(name) ?? `docker/${name}/Dockerfile.j2`;
    const template = pathOf(image.template ?? usual);
    const place = declared ? documentPlace(document, ['images', name], 'key') : { file: template, line: 1 };
    if (image.template === undefined && !found.images.has(name))
      problems.push({
        message: `image '${name}' has no template: ${template} does not exist`,
        hint: "create it, or name another file under 'template'",
        place,
      });
    const folder = posix.dirname(template);
    const rules = rulesOf(image.tags, tags);
    if (image.tags !== undefined && !givesMainTag(rules)) problems.push(noMainTag(document, ['images', name, 'tags']));
    const usualTests = `${posix.dirname(usual)}/tests.yaml`;
    const tests = image.tests ?? (found.tests.has(usualTests) ? usualTests : undefined);
    return {
      name,
      repository: `${registry}/${written.namespace}/${imagePrefix}${name}`,
      template,
      folder,
      context: pathOf(image.context ?? folder),
      ...(image.target === undefined ? {} : { target: image.target }),
      buildArgs: Object.fromEntries(Object.entries(image['build-args'] ?? {}).map(([key, arg]) => [key, String(arg)])),
      platforms: [...new Set((image.platforms ?? defaultPlatforms).map(normalPlatform))],
      sources: Object.entries(image.sources ?? {}).map(
        ([source, { repository, ref, path }]): SourceSettings => ({
          name: source,
          repository,
          ref: ref ?? 'main',
          path: pathOf(path ?? source),
          place: documentPlace(document, ['images', name, 'sources', source], 'key'),
        }),
      ),
      ...(tests === undefined ? {} : { tests: pathOf(tests) }),
      tags: rules,
      vars: { ...vars, ...variablesAt(document, ['images', name, 'vars']) },
      place,
    };
  });
  for (const image of images) problems.push(...overlaps(image));
  if (images.length === 0)
    problems.push({
      message: 'the repository has no image',
      hint: "add docker/<name>/Dockerfile.j2, or name a template under 'images'",
      place: { file, line: 1 },
    });
  if (problems.length > 0) throw new ProblemsError(problems);
  return {
    file,
    registry,
    namespace: written.namespace,
    copies,
    imagePrefix,
    vars,
    templates: templateSettings(written.templates, found.templates),
    tags,
    retention: policyOf(written.retention),
    images,
  };
}

/** Not from the checked value: what is a float there, and the order of keys, is lost in it. */
function variablesAt(document: Document, path: Path): Variables {
  const data = documentData(document, path);
  return data instanceof Map ? Object.fromEntries(data) : {};
}

function templateSettings(written: WrittenConfig['templates'], found: readonly string[]): TemplateSettings {
  const own = written === undefined || Array.isArray(written) ? { folders: written } : written;
  const files = (names: string | readonly string[] = []): string[] => [names].flat().map(pathOf);
  return {
    folders: (own.folders ?? found).map(pathOf),
    macros: files(own.macros),
    override: files(own['template-override']),
    undefined: own.undefined ?? 'strict',
    keepTrailingNewline: own['keep-trailing-newline'] ?? false,
    trimBlocks: own['trim-blocks'] ?? false,
    lstripBlocks: own['lstrip-blocks'] ?? false,
  };
}

/** Two sources in one folder would mix their files. */
function overlaps({ sources }: ImageSettings): Problem[] {
  return sources.flatMap((source, index) => {
    const other = sources
      .slice(0, index)
      .find(({ path }) => isWithin(source.path, path) || isWithin(path, source.path));
    return other === undefined
      ? []
      : [
          {
            message: `sources '${other.name}' and '${source.name}' land in the same folder`,
            hint: "give one another 'path'",
            place: source.place,
          },
        ];
  });
}

function isWithin(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

function rulesOf(written: readonly string[] | undefined, preset: readonly TagRule[]): readonly TagRule[] {
  return written?.map(parseTagRule).filter((rule): rule is TagRule => typeof rule !== 'string') ?? preset;
}

function givesMainTag(rules: readonly TagRule[]): boolean {
  return rules.some((rule) => rule.type === 'raw' || (rule.type === 'ref' && rule.event === 'branch'));
}

function noMainTag(document: Document, path: Path): Problem {
  return {
    message: 'no rule gives the default branch a lasting tag',
    hint: "add 'type=raw,value=latest' or 'type=ref,event=branch'",
    place: documentPlace(document, path, 'key'),
  };
}

function pathOf(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '');
}

/** The spelling of the registry client: 64-bit ARM has one variant only. */
export function normalPlatform(platform: string): string {
  return platform.replace(/^linux\/arm64\/v8$/, 'linux/arm64');
}
