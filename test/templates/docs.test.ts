import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/images/index.ts';
import { formatProblem, problemsOf } from '../../src/problems.ts';
import { imageRenderer, openTemplates, renderDockerfile } from '../../src/render/render-dockerfile.ts';
import { textLoader } from '../../src/templates/index.ts';

/** docs/templates.md, whose examples have to be true. */
const page = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'templates.md'), 'utf8');

interface Block {
  readonly language: string;
  /** The path behind the language, or what else is there. */
  readonly label: string;
  readonly text: string;
}

function blocksOf(heading: string): Block[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^( *)```(\w+)(?: (\S+))?\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = '', language = '', label = '', text = '']) => ({
      language,
      label,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** Renders the only image of a repository of these blocks. */
function render(blocks: readonly Block[], yaml = 'namespace: acme\n'): string {
  const files = Object.fromEntries(
    blocks
      .filter(({ language }) => language === 'jinja2')
      .map(({ label, text }) => [label || 'docker/web/Dockerfile.j2', text]),
  );
  const config = loadConfig(yaml, 'images.yaml', Object.keys(files));
  const [image] = config.images;
  if (image === undefined) throw new Error('there is no image');
  const templates = openTemplates(config, textLoader(files));
  return renderDockerfile(config, image, templates, imageRenderer(config, image, templates, 'main')).text;
}

const given = (blocks: readonly Block[], language = 'text'): string =>
  blocks.find((block) => block.language === language)?.text ?? '';

describe('the examples of docs/templates.md', () => {
  it('show what a template can use', () => {
    const blocks = blocksOf('What a template can use');
    // Only Dockerfiles have upstreams, which this excerpt leaves out.
    const [template, ...others] = blocks;
    const whole = [{ language: 'jinja2', label: '', text: `${template?.text}FROM scratch\n` }, ...others];
    expect(render(whole)).toBe(`${given(blocks)}FROM scratch`);
  });

  it('show options that images.yaml has', () => {
    const yaml = given(blocksOf('Options'), 'yaml');
    expect(loadConfig(yaml, 'images.yaml', ['docker/web/Dockerfile.j2']).templates).toMatchObject({
      folders: ['docker/_shared'],
      macros: ['docker/_shared/macros.j2'],
      override: ['docker/_local/override.j2'],
      undefined: 'strict',
    });
  });

  it('show a template override', () => {
    const blocks = blocksOf('Template overrides');
    const yaml = 'namespace: acme\ntemplates: { template-override: docker/_local/override.j2 }\n';
    expect(`${render(blocks, yaml)}\n`).toBe(given(blocks));
  });

  it('show what a fuel-ccp user writes', () => {
    const blocks = blocksOf('A fuel-ccp tree');
    expect(`${render(blocks, given(blocks, 'yaml'))}\n`).toBe(given(blocks));
  });

  it('show a Kolla tree that can be read', () => {
    const yaml = given(blocksOf('A Kolla tree'), 'yaml');
    const [image] = loadConfig(yaml, 'images.yaml', ['docker/nova/nova-api/Dockerfile.j2']).images;
    expect(image).toMatchObject({ name: 'nova-api', vars: { base_distro: 'debian' } });
  });

  it('show errors as they are', () => {
    const blocks = blocksOf('Errors');
    let said = '';
    try {
      render(blocks);
    } catch (error) {
      said = problemsOf(error)
        .flatMap((problem) => [formatProblem(problem), ...(problem.details ?? [])])
        .join('\n');
    }
    expect(`${said}\n`).toBe(given(blocks));
  });
});
