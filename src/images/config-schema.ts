/** The shape of `images.yaml`. Descriptions end up in the published JSON Schema, where editors show them. */
import { posix } from 'node:path';
import * as z from 'zod/mini';
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
  const error = (issue: { input?: unknown }): string => `'${String(issue.input)}' is not ${expected}`;
  return z.string().check(z.refine<string>(test, { error }), z.describe(description));
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

const tagRules = z
  .array(
    z.string().check(
      z.refine<string>((value) => typeof parseTagRule(value) !== 'string', {
        error: (issue) => {
          const found = parseTagRule(String(issue.input));
          return typeof found === 'string' ? found : '';
        },
      }),
    ),
  )
  .check(
    z.describe(
      'Tag rules as docker/metadata-action spells them: type=raw,value=latest; type=semver,pattern={{version}}; type=ref,event=branch; type=sha. A plain word is a tag.',
    ),
  );

const variables = (description: string) =>
  z
    .record(
      text('the name of a variable: letters, digits and _', (name) => /^[A-Za-z_]\w*$/.test(name), 'Variable name.'),
      z.custom<unknown>(),
    )
    .check(z.describe(description));

const setting = z.union([z.string(), z.number(), z.boolean()], { error: 'expected text, a number, true or false' });

export const sourceSchema = z.strictObject({
  repository: text(
    'of the form owner/name',
    (value) => githubRepository.test(value),
    'Application repository, as owner/name.',
  ),
  ref: z.optional(
    text(
      'a branch or tag name',
      (value) => value !== '' && !noRef.test(value),
      'Branch or tag to take. Default: main.',
    ),
  ),
  path: z.optional(repositoryPath("Folder in the build context where it lands. Default: the source's name.")),
});

export const imageSchema = z.strictObject({
  template: z.optional(
    repositoryPath(
      'Dockerfile template. Default: docker/<name>/Dockerfile.j2, or that of the folder of this name in a group.',
    ),
  ),
  context: z.optional(repositoryPath("Folder that becomes the build context. Default: the template's folder.")),
  target: z.optional(
    text('a stage name', (value) => /^[A-Za-z0-9][\w.-]*$/.test(value), 'Stage to build. Default: the last one.'),
  ),
  'build-args': z.optional(
    z
      .record(
        text('the name of a build argument', (name) => /^[A-Za-z_]\w*$/.test(name), 'Name of the build argument.'),
        setting,
      )
      .check(z.describe('Build arguments. They are visible in the image: never put a secret here.')),
  ),
  platforms: z.optional(
    z
      .array(text('a platform such as linux/amd64', (value) => platform.test(value), 'os/architecture[/variant]'))
      .check(z.minLength(1), z.describe('Platforms to build for. Default: linux/amd64.')),
  ),
  sources: z.optional(
    z
      .record(
        text(
          'a name of letters, digits, ., _ and -',
          (name) => /^[A-Za-z0-9][\w.-]*$/.test(name),
          'Name of the source.',
        ),
        sourceSchema,
      )
      .check(z.describe('Application repositories whose files go into the build context, by name.')),
  ),
  tests: z.optional(
    repositoryPath(
      'Test file, or a folder with tests.yaml or goss.yaml and the files that it names. Default: docker/<name>/tests.yaml where that exists.',
    ),
  ),
  tags: z.optional(tagRules),
  vars: z.optional(variables('Variables of this image’s templates; they override the global ones.')),
});

const templateFolders = z
  .array(repositoryPath('Folder of the repository.'))
  .check(z.describe("Folders, besides an image's own, that templates may include from. Default: every docker/_*."));

const templateFiles = (description: string) =>
  z
    .union([repositoryPath('Path of a template.'), z.array(repositoryPath('Path of a template.'))])
    .check(z.describe(description));

const templatesSchema = z.strictObject({
  folders: z.optional(templateFolders),
  macros: z.optional(
    templateFiles(
      'Templates whose macros and variables every template can use without importing them. They see the variables of the image.',
    ),
  ),
  'template-override': z.optional(
    templateFiles(
      'Templates that change those of images: rendered instead of them, with {% extends parent_template %}. Of several, the texts are put together.',
    ),
  ),
  undefined: z.optional(
    z
      .enum(['strict', 'lenient'])
      .check(
        z.describe('Whether the use of something undefined is an error (strict, the default) or nothing (lenient).'),
      ),
  ),
  'keep-trailing-newline': z.optional(
    z.boolean().check(z.describe('Keep the line feed at the end of a template. Default: false, one is dropped.')),
  ),
  'trim-blocks': z.optional(z.boolean().check(z.describe('Drop the line feed behind a tag. Default: false.'))),
  'lstrip-blocks': z.optional(
    z.boolean().check(z.describe('Drop white space between the beginning of a line and a tag. Default: false.')),
  ),
});

export const configSchema = z.strictObject({
  registry: z.optional(
    text('a registry host such as ghcr.io', (value) => host.test(value), 'Registry to publish to. Default: ghcr.io.'),
  ),
  namespace: text('a repository path such as owner/images', isComponents, 'Path under which all images are published.'),
  copies: z.optional(
    z
      .array(
        text(
          'of the form registry/namespace',
          (value) =>
            host.test(value.split('/')[0] ?? '') &&
            value.includes('/') &&
            isComponents(value.slice(value.indexOf('/') + 1)),
          'registry/namespace',
        ),
      )
      .check(z.describe('Further places, as registry/namespace, that get a copy of each image.')),
  ),
  'image-prefix': z.optional(
    text(
      'the beginning of an image name: lower case letters and digits, with . _ - between or after them',
      (value) => value === '' || component.test(`${value}x`),
      'Put in front of every image name in the registry.',
    ),
  ),
  vars: z.optional(variables('Variables of all templates.')),
  templates: z.optional(
    z
      .union([templateFolders, templatesSchema])
      .check(z.describe('How templates are read and rendered; a list names the folders to include from.')),
  ),
  tags: z.optional(tagRules),
  retention: z.optional(retentionSchema.check(z.describe('How long builds stay: the rules of rotation.'))),
  images: z.optional(
    z
      .nullable(z.record(imageName, z.nullable(imageSchema)))
      .check(
        z.describe(
          'Images by name. Every docker/<name>/Dockerfile.j2, or docker/<group>/<name>/Dockerfile.j2, is an image already, except in folders that begin with _; an entry here adds one or changes its settings.',
        ),
      ),
  ),
});

export type WrittenConfig = z.infer<typeof configSchema>;
export type WrittenImage = z.infer<typeof imageSchema>;
