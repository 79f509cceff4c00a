import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/images/index.ts';
import { imageRenderer, openTemplates, renderDockerfile } from '../../../src/render/render-dockerfile.ts';
import { diskLoader } from '../../../src/templates/index.ts';
import { describeWith } from './tools.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const example = join(root, 'examples', 'kolla');
const python = join(root, '.cache', 'tools', 'kolla', 'bin', 'python');

interface Recorded {
  readonly images: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly repos: unknown;
}

/** What kolla-build made: the tree with all its templates and the Dockerfiles beside them, and their variables. */
interface Built extends Recorded {
  readonly folder: string;
}

/** @param overrides template override files */
async function kollaBuild(work: string, overrides: readonly string[]): Promise<Built> {
  const recorded = join(work, 'variables.json');
  const options = ['--template-only', '--work-dir', work, '-b', 'debian'];
  for (const file of overrides) options.push('--template-override', file);
  const { http_proxy: _, ...env } = process.env;
  await new Promise<void>((resolve, reject) => {
    const child = spawn(python, [join(here, 'kolla_variables.py'), recorded, ...options], { env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    child.on('error', reject);
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`kolla-build ended with ${status}:\n${said}`)),
    );
  });
  return { folder: work, ...(JSON.parse(readFileSync(recorded, 'utf8')) as Recorded) };
}

/** The example's images.yaml with the variables of kolla-build instead of its own, and template override files. */
function imagesYaml({ images, repos }: Recorded, overrides: readonly string[]): string {
  const [settings = ''] = readFileSync(join(example, 'images.yaml'), 'utf8').split(/^vars:$/m);
  const { image_name: _, ...shared } = images.base ?? {};
  const override = `  template-override: ${JSON.stringify(overrides)}\n`;
  return `${settings}${overrides.length === 0 ? '' : override}vars: ${JSON.stringify({ ...shared, env: {}, repos })}\n`;
}

/** Renders all images of the tree as the action does, with the functions of the example. */
function renderTree(built: Built, overrides: readonly string[]): Map<string, { ours: string; theirs: string }> {
  cpSync(join(example, 'docker'), join(built.folder, 'docker'), { recursive: true });
  const files = readdirSync(built.folder, { recursive: true, encoding: 'utf8' });
  const config = loadConfig(imagesYaml(built, overrides), 'images.yaml', files);
  const templates = openTemplates(config, diskLoader(built.folder));
  return new Map(
    config.images.map((image) => {
      const render = imageRenderer(config, image, templates, 'main');
      const ours = renderDockerfile(config, image, templates, render).text;
      const theirs = readFileSync(join(built.folder, dirname(image.template), 'Dockerfile'), 'utf8');
      return [image.name, { ours, theirs }];
    }),
  );
}

describeWith(existsSync(python), 'Kolla is not installed; .ci/tools installs it')("Kolla's tree", () => {
  let folder: string;
  const overrides = ['docker/_kolla/override.j2', 'docker/_kolla/override-more.j2'];
  const given: Readonly<Record<string, readonly string[]>> = { plain: [], one: overrides.slice(0, 1), two: overrides };
  const built: Record<string, Built> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'image-cascade-kolla-'));
    await Promise.all(
      Object.entries(given).map(async ([name, files]) => {
        built[name] = await kollaBuild(
          join(folder, name),
          files.map((file) => join(example, file)),
        );
      }),
    );
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    { name: 'plain', title: 'without a template override file' },
    { name: 'one', title: 'with a template override file' },
    { name: 'two', title: 'with two template override files' },
  ])('is rendered as kolla-build renders it, $title', ({ name }) => {
    const made = built[name];
    if (made === undefined) throw new Error(`kolla-build did not render ${name}`);
    const images = renderTree(made, given[name] ?? []);
    expect(images.size).toBe(188);
    const different = [...images].filter(([, { ours, theirs }]) => ours !== theirs);
    expect(different.slice(0, 3)).toEqual([]);
    expect(different.map(([image]) => image)).toEqual([]);
  });

  it('is changed by the template override file', () => {
    const text = (name: string, image: string): string =>
      readFileSync(join(folder, name, 'docker', image, 'Dockerfile'), 'utf8');
    expect(text('plain', 'nova/nova-base')).not.toContain('tcpdump');
    expect(text('one', 'nova/nova-base')).toContain('tcpdump');
    expect(text('two', 'nova/nova-api')).toContain('/etc/nova-api/acme.conf');
  });
});
