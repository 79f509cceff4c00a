import { describe, expect, it } from '@jest/globals';
import Ajv from 'ajv/dist/2020.js';
import { FloatNumber } from '../../src/documents/index.ts';
import { configJsonSchema, inputPaths, loadConfig } from '../../src/images/index.ts';
import { formatProblem, problemsOf } from '../../src/problems.ts';

const web = 'docker/web/Dockerfile.j2';

function problems(text: string, files: string[] = [web]): string[] {
  try {
    loadConfig(text, 'images.yaml', files);
  } catch (error) {
    return problemsOf(error).map(formatProblem);
  }
  return [];
}

describe('images.yaml', () => {
  it('needs no more than a namespace: images are the folders with a template', () => {
    const config = loadConfig('namespace: acme', 'images.yaml', [
      web,
      'docker/web/tests.yaml',
      'docker/api/Dockerfile.j2',
      'docker/_macros/apt.j2',
      'docker/notes/README.md',
    ]);
    expect(config.templates.folders).toEqual(['docker/_macros']);
    expect(config.images.map(({ name }) => name)).toEqual(['api', 'web']);
    expect(config.images[1]).toEqual({
      name: 'web',
      repository: 'ghcr.io/acme/web',
      template: web,
      folder: 'docker/web',
      context: 'docker/web',
      buildArgs: {},
      platforms: ['linux/amd64'],
      sources: [],
      tests: 'docker/web/tests.yaml',
      tags: [{ type: 'raw', value: 'latest' }],
      vars: {},
      place: { file: web, line: 1 },
    });
  });

  it('finds images in groups, which are folders without a template of their own', () => {
    const { images } = loadConfig('namespace: acme', 'images.yaml', [
      'docker/nova/nova-api/Dockerfile.j2',
      'docker/nova/nova-api/tests.yaml',
      'docker/nova/_parts/Dockerfile.j2',
      web,
      'docker/web/files/Dockerfile.j2',
    ]);
    expect(images.map(({ name, template, tests }) => [name, template, tests])).toEqual([
      ['nova-api', 'docker/nova/nova-api/Dockerfile.j2', 'docker/nova/nova-api/tests.yaml'],
      ['web', web, undefined],
    ]);
    expect(problems('namespace: acme', ['docker/a/x/Dockerfile.j2', 'docker/b/x/Dockerfile.j2'])).toEqual([
      "docker/b/x/Dockerfile.j2:1: image 'x' is there twice: docker/a/x/Dockerfile.j2 is another one; rename one of the folders",
    ]);
  });

  it('adds images, and changes those that were found', () => {
    const text = `
registry: registry.example:5000
namespace: acme/images
image-prefix: x-
vars: { a: 1, b: 2 }
tags: [edge]
images:
  web:
    context: .
    target: run
    build-args: { VERSION: 1.5, DEBUG: false }
    platforms: [linux/arm64/v8, linux/amd64]
    vars: { b: 3 }
    tags: ['type=semver,pattern={{version}}', 'type=ref,event=branch']
    sources:
      app: { repository: acme/app }
      lib: { repository: acme/lib, ref: v1, path: vendor/lib/ }
  api: { template: ./src/api.Dockerfile }
`;
    const { images } = loadConfig(text, 'images.yaml', [web]);
    expect(images.map(({ repository, template, folder, context }) => [repository, template, folder, context])).toEqual([
      ['registry.example:5000/acme/images/x-api', 'src/api.Dockerfile', 'src', 'src'],
      ['registry.example:5000/acme/images/x-web', web, 'docker/web', '.'],
    ]);
    expect(images[1]).toMatchObject({
      target: 'run',
      buildArgs: { VERSION: '1.5', DEBUG: 'false' },
      platforms: ['linux/arm64', 'linux/amd64'],
      vars: { a: 1, b: 3 },
      sources: [
        { name: 'app', repository: 'acme/app', ref: 'main', path: 'app' },
        { name: 'lib', repository: 'acme/lib', ref: 'v1', path: 'vendor/lib' },
      ],
    });
    expect(images[0]?.tags).toEqual([{ type: 'raw', value: 'edge' }]);
  });

  it('says how templates are rendered, or only where they include from', () => {
    const settings = (templates: string) => loadConfig(`namespace: acme\n${templates}`, 'images.yaml', [web]).templates;
    const defaults = settings('');
    expect(defaults).toEqual({
      folders: [],
      macros: [],
      override: [],
      undefined: 'strict',
      keepTrailingNewline: false,
      trimBlocks: false,
      lstripBlocks: false,
    });
    expect(settings('templates: [docker]')).toEqual({ ...defaults, folders: ['docker'] });
    const text = `templates:
  macros: docker/./all.j2
  template-override: [a.j2, b.j2]
  undefined: lenient
  trim-blocks: true
`;
    expect(settings(text)).toEqual({
      ...defaults,
      macros: ['docker/all.j2'],
      override: ['a.j2', 'b.j2'],
      undefined: 'lenient',
      trimBlocks: true,
    });
    expect(problems('namespace: acme\ntemplates: { undefined: some, folder: [x] }')).toEqual([
      expect.stringMatching(/^images\.yaml:2:25: .*expected one of .strict., .lenient.$/),
      expect.stringMatching(/^images\.yaml:2:\d+: unknown key 'folder' in 'templates'; did you mean 'folders'\?$/),
    ]);
  });

  it('keeps of variables what a plain object would lose', () => {
    const text =
      'namespace: acme\nvars: { float: 1.0, big: 12345678901234567890, map: { b: 1, 2: x, a: [1e3, -0.5] } }';
    const [image] = loadConfig(text, 'images.yaml', [web]).images;
    expect(image?.vars).toEqual({
      float: new FloatNumber(1),
      big: 12345678901234567890n,
      map: new Map<unknown, unknown>([
        ['b', 1],
        [2, 'x'],
        ['a', [new FloatNumber(1000), new FloatNumber(-0.5)]],
      ]),
    });
  });

  it('may name an image without saying anything of it', () => {
    expect(problems('namespace: acme\nimages:\n  web:\n')).toEqual([]);
  });

  it('has all of its errors reported at once, with line and column', () => {
    const text = `regstry: ghcr.io
namespace: Acme
tags: [type=branch]
images:
  web:
    platform: [linux/amd64]
    context: ../..
    build-args: { A: [1] }
    sources: { app: { repository: app, ref: -x } }
  Api: {}
  web: {}
copies: [nowhere]
`;
    const found = problems(text);
    expect(found.map((line) => line.split(':').slice(1, 3).join(':'))).toEqual([
      '1:1',
      '2:12',
      '3:8',
      '10:3',
      '11:3',
      '12:10',
    ]);
    expect(found[0]).toBe("images.yaml:1:1: unknown key 'regstry'; did you mean 'registry'?");
    expect(found[2]).toContain("type 'branch' is none of raw, semver, ref, sha");
  });

  it('has errors inside of images reported, with line and column', () => {
    const text = `namespace: acme
images:
  web:
    platform: [linux/amd64]
    context: ../..
    build-args: { A: [1] }
    tests: /etc/passwd
    sources: { app: { repository: app, ref: -x } }
`;
    const found = problems(text);
    expect(found.map((line) => line.split(':').slice(1, 3).join(':'))).toEqual([
      '4:5',
      '5:14',
      '6:22',
      '7:12',
      '8:35',
      '8:45',
    ]);
    expect(found[0]).toContain("did you mean 'platforms'?");
    expect(found[1]).toContain('a path inside the repository');
  });

  it.each([
    ['has no image at all', 'namespace: acme', [], 'images.yaml:1: the repository has no image'],
    ['names an image without a template', 'namespace: acme\nimages: { api: }', [web], 'images.yaml:2:11: '],
    ['gives the default branch no tag', 'namespace: acme\ntags: [type=sha]', [web], 'images.yaml:2:1: no rule'],
    ['copies to where it publishes', 'namespace: acme\ncopies: [ghcr.io/acme]', [web], 'images.yaml:2:10: '],
    ['is no map', '- acme', [web], 'images.yaml:1:1: the file is a list'],
    ['is empty', '', [web], "images.yaml:1:1: 'namespace' is missing"],
    ['is no YAML', 'namespace: [', [web], 'images.yaml:1:13: '],
    [
      'has a folder that is no image name',
      'namespace: acme',
      ['docker/Web/Dockerfile.j2'],
      "docker/Web/Dockerfile.j2:1: folder 'Web'",
    ],
    [
      'mixes two sources',
      'namespace: acme\nimages: { web: { sources: { a: { repository: x/a }, b: { repository: x/b, path: a/b } } } }',
      [web],
      "images.yaml:2:53: sources 'a' and 'b' land in the same folder",
    ],
  ])('is refused when it %s', (_case, text, files, expected) => {
    expect(problems(text, files)).toContainEqual(expect.stringContaining(expected));
  });
});

describe('the JSON Schema of images.yaml', () => {
  const validate = new Ajv.default({ strict: false }).compile(configJsonSchema());

  it('takes what the suite takes', () => {
    expect(validate({ namespace: 'acme', images: { web: null, api: { platforms: ['linux/arm64'] } } })).toBe(true);
  });

  it('refuses what the suite refuses', () => {
    expect(validate({ namespace: 'acme', imagse: {} })).toBe(false);
    expect(validate({ namespace: 'acme', images: { web: { platforms: 'linux/amd64' } } })).toBe(false);
  });
});

describe('the paths whose git objects enter the input key', () => {
  it('are images.yaml, the folders of the image and its templates, and the test file', () => {
    const text =
      'namespace: acme\nimages: { web: { context: src, tests: test/web.yaml } }\ntemplates: [docker/_macros]';
    const config = loadConfig(text, 'images.yaml', [web]);
    const [image] = config.images;
    expect(image && inputPaths(config, image)).toEqual([
      'docker/_macros',
      'docker/web',
      'images.yaml',
      'src',
      'test/web.yaml',
    ]);
  });
});
