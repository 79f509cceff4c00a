/** A fleet in a GitHub and a registry of this process; images are published without being built. */
import { afterEach } from '@jest/globals';
import { putMinimalImage } from '../../local/registry/minimal-image.ts';
import { type RegistryStandIn, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createFacts, type Facts, type Look, look, type Question } from '../../src/cascade/index.ts';
import { defaultPolicy } from '../../src/fleet/index.ts';
import { createGitHub } from '../../src/github/index.ts';
import { inputKey, inputPaths, labels, loadConfig, memoryTags, type UpstreamState } from '../../src/images/index.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { renderUpstreams } from '../../src/render/render-dockerfile.ts';
import { textLoader } from '../../src/templates/index.ts';
import { commit, git, repositoryWith, type Scene, scene } from '../local-github/support.ts';

/** Files by path, of each repository. */
export type Files = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface World extends Scene {
  readonly registry: RegistryStandIn;
  readonly host: string;
  referenceOf(name: string): string;
  commit(repository: string, files: Readonly<Record<string, string>>): Promise<string>;
  head(repository: string): string;
  /** The working tree of a repository. */
  tree(repository: string): string;
  /** Publishes an image as if a run had built it just now; `keep` as if its content had stayed the same. */
  publish(repository: string, name: string, options?: { keep?: boolean }): Promise<void>;
  /** A reconcile of all repositories, unless the question says otherwise. */
  look(question?: Partial<Question>, means?: { token?: string; facts?: Facts; now?: () => number }): Promise<Look>;
  /** The run that looks. */
  ref(repository: string): Question['ref'];
}

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const debian = 'library/debian';

/** What hears of a dispatch, in every repository that has no other file of this name. */
export const workflowFile = '.github/workflows/images.yml';
const workflow = `on:
  repository_dispatch: { types: [image-cascade] }
  workflow_dispatch:
    inputs: { images: { type: string }, force: { type: boolean } }
`;

/** @param files the text `HOST` in them becomes the registry's address */
export async function worldOf(files: Files): Promise<World> {
  const stage = await scene();
  const registry = await startRegistryStandIn();
  endings.push(registry.stop);
  const { host } = registry;
  const client = createRegistry({});
  await putMinimalImage(host, debian, 'bookworm', { labels: { version: '0' } });

  const withHost = (texts: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, text.replaceAll('HOST', host)]));
  const trees = new Map<string, { work: string; head: string; files: Record<string, string> }>();
  for (const [name, texts] of Object.entries(files)) {
    const all = withHost({ [workflowFile]: workflow, ...texts });
    const { work, sha } = await repositoryWith(stage, name, all);
    trees.set(name, { work, head: sha, files: all });
  }
  const tree = (repository: string) => {
    const found = trees.get(repository);
    if (found === undefined) throw new Error(`no repository ${repository}`);
    return found;
  };
  let builds = 0;
  const ref: World['ref'] = (repository) => ({
    event: 'push',
    name: 'main',
    type: 'branch',
    defaultBranch: 'main',
    isDefaultBranch: true,
    fork: false,
    revision: tree(repository).head,
    repository: `acme/${repository}`,
    url: `${stage.github.url}/acme/${repository}`,
    runId: '7',
    runUrl: `${stage.github.url}/acme/${repository}/actions/runs/7`,
  });

  return {
    ...stage,
    registry,
    host,
    referenceOf: (name) => `${host}/acme/${name}:latest`,
    head: (repository) => tree(repository).head,
    tree: (repository) => tree(repository).work,
    commit: async (repository, texts) => {
      const at = tree(repository);
      at.head = await commit(at.work, withHost(texts));
      Object.assign(at.files, withHost(texts));
      await git(at.work, ['push', '--quiet', 'origin', 'main'], stage.github.token);
      stage.events.length = 0;
      return at.head;
    },
    publish: async (repository, name, { keep = false } = {}) => {
      const { work, files: texts } = tree(repository);
      const config = loadConfig(texts['images.yaml'] ?? '', 'images.yaml', Object.keys(texts));
      const image = config.images.find((candidate) => candidate.name === name);
      if (image === undefined) throw new Error(`no image ${name}`);
      const objects: Record<string, string> = {};
      for (const path of inputPaths(config, image)) objects[path] = await git(work, ['rev-parse', `HEAD:${path}`]);
      const states: UpstreamState[] = [];
      const digests = new Map<string, string>();
      for (const upstream of renderUpstreams(config, name, textLoader(texts))) {
        if (upstream.kind === 'source') {
          const [, source = ''] = upstream.repository.split('/');
          states.push({ ...upstream, commit: tree(source).head });
          continue;
        }
        const colon = upstream.reference.lastIndexOf(':');
        const found = await client.resolve(upstream.reference.slice(0, colon), upstream.reference.slice(colon + 1));
        if (found === undefined) throw new Error(`${upstream.reference} is not published`);
        states.push({ ...upstream, platforms: found.platforms });
        digests.set(upstream.reference, found.digest);
      }
      const main = keep ? await client.manifest(image.repository, 'latest') : undefined;
      builds += 1;
      const made = {
        build: String(builds),
        [labels.revision]: tree(repository).head,
        [labels.upstreams]: JSON.stringify(
          states.map((state) =>
            state.kind === 'image' ? { ...state, digest: digests.get(state.reference), platforms: undefined } : state,
          ),
        ),
      };
      const path = image.repository.slice(host.length + 1);
      const digest = main?.descriptor.digest ?? (await putMinimalImage(host, path, 'latest', { labels: made }));
      await client.tag(image.repository, digest, memoryTags.input(inputKey({ objects }, states)));
    },
    ref,
    look: (question = {}, { token = stage.github.token, facts = createFacts(), now = Date.now } = {}) => {
      const { apiUrl, graphqlUrl } = stage.github;
      return look(
        {
          mode: 'reconcile',
          fleet: [...trees.keys()].map((name) => ({ kind: 'repository', repository: `acme/${name}` })),
          ref: ref([...trees.keys()][0] ?? ''),
          images: [],
          force: false,
          maxDispatches: 450,
          policy: defaultPolicy,
          origin: { cascade: '7', depth: 0, origin: 'http://github.test/acme/base/actions/runs/7' },
          eventType: 'image-cascade',
          dryRun: false,
          ...question,
        },
        {
          github: createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1 }),
          registry: async () => createRegistry(),
          renderUpstreams: async () => renderUpstreams,
          facts,
          log: () => {},
          now,
        },
      );
    },
  };
}

const config = 'registry: HOST\nnamespace: acme\n';
const run = (from: string) => `FROM {{ image_spec("${from}") }}\nRUN true\n`;

/** debian-base ← nginx and python (one repository) ← shop-api (python, source of shop-app) ← shop-front (nginx too). */
export const shop: Files = {
  'debian-base': { 'images.yaml': config, 'docker/debian-base/Dockerfile.j2': `FROM HOST/${debian}:bookworm\n` },
  'runtime-images': {
    'images.yaml': config,
    'docker/nginx/Dockerfile.j2': run('debian-base'),
    'docker/python/Dockerfile.j2': '{% include "base.j2" %}\n',
    'docker/_shared/base.j2': run('debian-base'),
  },
  'shop-api': {
    'images.yaml': `${config}images:\n  shop-api:\n    sources:\n      app: { repository: acme/shop-app }\n`,
    'docker/shop-api/Dockerfile.j2': `${run('python')}{{ copy_sources("app", "/srv") }}\n`,
  },
  'shop-front': {
    'images.yaml': config,
    'docker/shop-front/Dockerfile.j2': `${run('nginx')}COPY --from={{ image_spec("shop-api") }} /srv /srv\n`,
  },
  'shop-app': { 'main.py': 'print()\n' },
};

/** The shop with everything published and settled. */
export async function settledShop(): Promise<World> {
  const world = await worldOf(shop);
  await world.publish('debian-base', 'debian-base');
  await world.publish('runtime-images', 'nginx');
  await world.publish('runtime-images', 'python');
  await world.publish('shop-api', 'shop-api');
  await world.publish('shop-front', 'shop-front');
  return world;
}
