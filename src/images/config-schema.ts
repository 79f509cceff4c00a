/** The shape of `images.yaml`. Descriptions end up in the published JSON Schema, where editors show them. */
import { posix } from 'node:path';
import * as v from 'valibot';
import { map, mapOf } from '../documents/index.ts';
import { retentionSchema } from './retention-schema.ts';
import { parseTagRule } from './tag-rules.ts';

/** One part of a repository's path: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const host = /^(?:localhost|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+(?=:)|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?$/;
const platform = /^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+)?$/;
const githubRepository = /^[A-Za-z0-9](?:[A-Za-z0-9-]*)\/[A-Za-z0-9._-]+$/;
/** What `git check-ref-format` forbids, and a leading dash, which a command line would take for an option. */
const noRef = /^-|^@$|\.\.|@\{|\/\/|^\/|\/$|\.$|\.lock(?:\/|$)|(?:^|\/)\.|[\p{Cc} ~^:?*[\\]/u;

type Test = (text: string) => boolean;

function text(expected: string, test: Test, description: string) {
  const error = (issue: { input: string }): string => `'${issue.input}' is not ${expected}`;
  return v.pipe(v.string(), v.check(test, error), v.description(description));
}

const isComponents: Test = (value) => value.split('/').every((part) => component.test(part));

/** Whether a path stays where it begins, and out of git's own folder. */
const isInside: Test = (value) => {
  const parts = posix.normalize(value).split('/');
  return (
    value !== '' && !value.startsWith('/') && !value.includes('\\') && parts[0] !== '..' && !parts.includes('.git')
  );
};

const repositoryPath = (description: string) =>
  text('a path inside the repository, with forward slashes', isInside, description);

export const isImageName: Test = (value) => component.test(value);

const imageName = text(
  "an image name: lower case letters and digits, with '.', '_', '__' or '-' between them",
  isImageName,
  'Name of the image: the last part of its repository, and by default of its folder under docker/.',
);

const tagRules = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.check(
        (value) => typeof parseTagRule(value) !== 'string',
        ({ input }) => {
          const found = parseTagRule(input);
          return typeof found === 'string' ? found : '';
        },
      ),
    ),
  ),
  v.description(
    'Tag rules as docker/metadata-action spells them: type=raw,value=latest; type=semver,pattern={{version}}; type=ref,event=branch; type=sha. A plain word is a tag.',
  ),
);

const variables = (description: string) =>
  v.pipe(
    mapOf(
      text('the name of a variable: letters, digits and _', (name) => /^[A-Za-z_]\w*$/.test(name), 'Variable name.'),
      v.unknown(),
    ),
    v.description(description),
  );

const setting = v.union([v.string(), v.number(), v.boolean()], 'expected text, a number, true or false');

export const sourceSchema = map({
  repository: text(
    'of the form owner/name',
    (value) => githubRepository.test(value),
    'Application repository, as owner/name.',
  ),
  ref: v.optional(
    text(
      'a branch or tag name',
      (value) => value !== '' && !noRef.test(value),
      'Branch or tag to take. Default: main.',
    ),
  ),
  path: v.optional(repositoryPath("Folder in the build context where it lands. Default: the source's name.")),
});

export const imageSchema = map({
  template: v.optional(
    repositoryPath(
      'Dockerfile template. Default: docker/<name>/Dockerfile.j2, or that of the folder of this name in a group.',
    ),
  ),
  context: v.optional(repositoryPath("Folder that becomes the build context. Default: the template's folder.")),
  target: v.optional(
    text('a stage name', (value) => /^[A-Za-z0-9][\w.-]*$/.test(value), 'Stage to build. Default: the last one.'),
  ),
  'build-args': v.optional(
    v.pipe(
      mapOf(
        text('the name of a build argument', (name) => /^[A-Za-z_]\w*$/.test(name), 'Name of the build argument.'),
        setting,
      ),
      v.description('Build arguments. They are visible in the image: never put a secret here.'),
    ),
  ),
  platforms: v.optional(
    v.pipe(
      v.array(text('a platform such as linux/amd64', (value) => platform.test(value), 'os/architecture[/variant]')),
      v.minLength(1),
      v.description('Platforms to build for. Default: linux/amd64.'),
    ),
  ),
  sources: v.optional(
    v.pipe(
      mapOf(
        text(
          'a name of letters, digits, ., _ and -',
          (name) => /^[A-Za-z0-9][\w.-]*$/.test(name),
          'Name of the source.',
        ),
        sourceSchema,
      ),
      v.description('Application repositories whose files go into the build context, by name.'),
    ),
  ),
  tests: v.optional(
    repositoryPath(
      'Test file, or a folder with tests.yaml or goss.yaml and the files that it names. Default: docker/<name>/tests.yaml where that exists.',
    ),
  ),
  tags: v.optional(tagRules),
  vars: v.optional(variables('Variables of this image’s templates; they override the global ones.')),
});

const templateFolders = v.pipe(
  v.array(repositoryPath('Folder of the repository.')),
  v.description("Folders, besides an image's own, that templates may include from. Default: every docker/_*."),
);

const templateFiles = (description: string) =>
  v.pipe(
    v.union([repositoryPath('Path of a template.'), v.array(repositoryPath('Path of a template.'))]),
    v.description(description),
  );

const templatesSchema = map({
  folders: v.optional(templateFolders),
  macros: v.optional(
    templateFiles(
      'Templates whose macros and variables every template can use without importing them. They see the variables of the image.',
    ),
  ),
  'template-override': v.optional(
    templateFiles(
      'Templates that change those of images: rendered instead of them, with {% extends parent_template %}. Of several, the texts are put together.',
    ),
  ),
  undefined: v.optional(
    v.pipe(
      v.picklist(['strict', 'lenient']),
      v.description('Whether the use of something undefined is an error (strict, the default) or nothing (lenient).'),
    ),
  ),
  'keep-trailing-newline': v.optional(
    v.pipe(v.boolean(), v.description('Keep the line feed at the end of a template. Default: false, one is dropped.')),
  ),
  'trim-blocks': v.optional(v.pipe(v.boolean(), v.description('Drop the line feed behind a tag. Default: false.'))),
  'lstrip-blocks': v.optional(
    v.pipe(v.boolean(), v.description('Drop white space between the beginning of a line and a tag. Default: false.')),
  ),
});

export const configSchema = map({
  registry: v.optional(
    text('a registry host such as ghcr.io', (value) => host.test(value), 'Registry to publish to. Default: ghcr.io.'),
  ),
  namespace: text('a repository path such as owner/images', isComponents, 'Path under which all images are published.'),
  copies: v.optional(
    v.pipe(
      v.array(
        text(
          'of the form registry/namespace',
          (value) =>
            host.test(value.split('/')[0] ?? '') &&
            value.includes('/') &&
            isComponents(value.slice(value.indexOf('/') + 1)),
          'registry/namespace',
        ),
      ),
      v.description('Further places, as registry/namespace, that get a copy of each image.'),
    ),
  ),
  'image-prefix': v.optional(
    text(
      'the beginning of an image name: lower case letters and digits, with . _ - between or after them',
      (value) => value === '' || component.test(`${value}x`),
      'Put in front of every image name in the registry.',
    ),
  ),
  vars: v.optional(variables('Variables of all templates.')),
  templates: v.optional(
    v.pipe(
      v.union([templateFolders, templatesSchema]),
      v.description('How templates are read and rendered; a list names the folders to include from.'),
    ),
  ),
  tags: v.optional(tagRules),
  retention: v.optional(v.pipe(retentionSchema, v.description('How long builds stay: the rules of rotation.'))),
  images: v.optional(
    v.pipe(
      v.nullable(mapOf(imageName, v.nullable(imageSchema))),
      v.description(
        'Images by name. Every docker/<name>/Dockerfile.j2, or docker/<group>/<name>/Dockerfile.j2, is an image already, except in folders that begin with _; an entry here adds one or changes its settings.',
      ),
    ),
  ),
});

export type WrittenConfig = v.InferOutput<typeof configSchema>;
export type WrittenImage = v.InferOutput<typeof imageSchema>;
