/** What `render` finds in a simulated job: made up as far as files go, decided by the suite's own code. */
import type { Config, ImageSettings } from '../../src/images/config.ts';
import { loadConfig } from '../../src/images/index.ts';
import type { HeldRecord, RenderedImage, RenderRecord, RunRef } from '../../src/images/records.ts';
import { judgeImage } from '../../src/render/judge.ts';
import type { Run } from './github.ts';
import type { RegistryView } from './registry.ts';
import { type Image, materialOf, pathOf, tagOf } from './world.ts';

/** Everything that is the same for all simulated images. */
const config: Config = loadConfig('registry: ghcr.io\nnamespace: acme\n', 'images.yaml', ['docker/one/Dockerfile.j2']);

export async function renderRun(
  run: Run,

  view: RegistryView,
  held: HeldRecord,
): Promise<RenderRecord> {
  const { repository, commit } = run;
  const ref = refOf(run);
  const names = new Map(repository.images.map(({ reference, name }) => [reference, name]));
  const judged = new Map<string, RenderedImage>();
  for (const image of repository.images) {
    const siblings = new Map(
      image.upstreams.flatMap(({ reference }) => {
        const name = names.get(reference);
        return name === undefined ? [] : [[reference, name] as const];
      }),
    );
    const outside = image.upstreams.filter(({ reference }) => !siblings.has(reference));
    const foreign = new Map(
      await Promise.all(
        outside.map(
          async ({ reference }) => [reference, await view.resolve(pathOf(reference), tagOf(reference))] as const,
        ),
      ),
    );
    const place = { file: 'Dockerfile.j2', line: 1 };
    const prepared = {
      image: settingsOf(image),
      dockerfile: {
        text: '',
        templateLines: [],
        upstreams: image.upstreams.map(({ reference }) => ({ written: reference, reference, place })),
      },
      files: [],
      siblings,
      written: { dockerfile: '', context: '', sources: [], tests: {}, material: materialOf(image, commit) },
      foreign,
    };
    const options = { config, ref, registry: view, resolve: view.resolve, force: false, held };
    judged.set(image.name, await judgeImage(prepared, judged, options));
  }
  const { registry, namespace } = config;
  return { ref, registry, namespace, copies: [], images: [...judged.values()] };
}

function settingsOf({ name, path }: Image): ImageSettings {
  const [first] = config.images;
  if (first === undefined) throw new Error('the configuration has an image');
  return { ...first, name, repository: path };
}

function refOf({ id, event, repository, commit }: Run): RunRef {
  const url = `https://github.com/${repository.name}`;
  return {
    event,
    name: 'main',
    type: 'branch',
    defaultBranch: 'main',
    isDefaultBranch: true,
    fork: false,
    revision: commit.revision,
    committed: 0,
    repository: repository.name,
    url,
    runId: id,
    runUrl: `${url}/actions/runs/${id}`,
  };
}
