/** An engine, a registry and the built images that checks are tried on. */
import { join } from 'node:path';
import { buildImages } from '../../src/build/index.ts';
import { type ImagesTested, type TestOptions, testImages } from '../../src/checks/index.ts';
import { detectEngine, type Engine, pushImage, removeImage, tagImage } from '../../src/engine/index.ts';
import type { BuildRecord, RenderedImage, RenderRecord, Upstream } from '../../src/images/records.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { createProcesses, currentEnvironment } from '../../src/runner/index.ts';
import { provideBaseImage } from '../base-image/index.ts';
import { startEngine } from '../engine/index.ts';
import { providePodman } from '../podman/index.ts';
import { onExit, temporaryFolder } from '../processes/index.ts';
import { startRegistry } from '../registry/server.ts';
import { dockerfiles } from './images.ts';
import { recordOf, rendered } from './records.ts';

export interface Bench {
  readonly engine: Engine;
  /** Of this run alone: the workspace in which test files are. */
  readonly folder: string;
  readonly images: readonly RenderedImage[];
  readonly render: RenderRecord;
  readonly built: Awaited<ReturnType<typeof buildImages>>;
  /** Runs the `tests.yaml` of a folder on one of the images. */
  test(image: string, testFolder: string, how?: Running): Promise<ImagesTested>;
}

/** How a run that can be cancelled is run. */
export type Running = Pick<TestOptions, 'signal' | 'cleanup'>;

/** Everything is stopped and removed when the process ends. The older image is published as the service's. */
export async function setUp(log: (line: string) => void): Promise<Bench> {
  const [local, server] = await Promise.all([startEngine({ log }), startRegistry({ log })]);
  onExit(() => Promise.all([server.stop(), local.stop()]).then(() => undefined));
  const base = await provideBaseImage(server, { log });
  const { path: folder } = await temporaryFolder('image-cascade-checks-');
  const own = { ...currentEnvironment(), ...local.env };
  const podman = await providePodman({ log, env: own });
  const path = podman.kind === 'none' ? (own.PATH ?? '') : podman.path;
  if (podman.kind === 'none') log(`pods can't be played here: ${podman.reason}`);
  // Commands are looked for on the path of the process, as in an action, where the two are the same.
  else process.env.PATH = podman.path;
  const env = { ...own, PATH: path };
  const engine = await detectEngine(createProcesses(), env);
  log(`${engine.kind} ${engine.version}, buildx ${engine.buildx}, ${engine.store} image store`);

  const published = `${server.host}/acme/service:latest`;
  const images = await renderAll(folder, base, published);
  const render = recordOf(images);
  const built = await build(engine, render, join(folder, 'build'));
  onExit(async () => {
    for (const { image } of built.record.images) if (image !== undefined) await removeImage(engine, image.reference);
  });
  await publishOlder(engine, built.record, published);
  return {
    engine,
    folder,
    images,
    render,
    built,
    async test(name, testFolder, how) {
      const image = images.find((other) => other.name === name);
      if (image === undefined) throw new Error(`there is no image ${name}`);
      return await testImages(
        [{ ...image, tests: `${testFolder}/tests.yaml`, testFolder }, ...images.filter((other) => other !== image)],
        render,
        built.record,
        {
          signal: how?.signal ?? new AbortController().signal,
          cleanup: how?.cleanup ?? (() => {}),
          env: {},
          workspace: folder,
          concurrency: 2,
          findEngine: async () => (how === undefined ? engine : { ...engine, processes: createProcesses(how.signal) }),
        },
      );
    },
  };
}

async function renderAll(folder: string, base: string, published: string): Promise<RenderedImage[]> {
  const colon = base.lastIndexOf(':');
  const registry = createRegistry({ credentials: async () => undefined });
  const found = await registry.resolve(base.slice(0, colon), base.slice(colon + 1));
  if (found === undefined) throw new Error(`${base} is not in the registry`);
  const debian: Upstream = { kind: 'image', written: 'debian:bookworm-slim', reference: base, fleet: false, ...found };
  const failing: Upstream = {
    kind: 'pending',
    written: 'fleet.example/acme/failing:latest',
    reference: 'fleet.example/acme/failing:latest',
    image: 'failing',
  };
  const upstreams: Readonly<Record<string, Upstream[]>> = { 'on-failing': [failing], empty: [] };
  return await Promise.all(
    Object.entries(dockerfiles).map(([name, text]) =>
      rendered(folder, name, text, published, upstreams[name] ?? [debian]),
    ),
  );
}

function build(engine: Engine, render: RenderRecord, folder: string): ReturnType<typeof buildImages> {
  return buildImages(render, async () => engine, {
    settings: { secrets: {}, noCache: false, epoch: render.ref.committed },
    cacheFrom: [],
    cacheTo: [],
    folder,
    onLine: () => {},
  });
}

/** What the baseline checks compare with. */
async function publishOlder(engine: Engine, { images }: BuildRecord, reference: string): Promise<void> {
  const older = images.find(({ name }) => name === 'older')?.image;
  if (older === undefined) throw new Error('the older image was not built');
  await tagImage(engine, older.reference, reference);
  await pushImage(engine, reference);
  await removeImage(engine, reference);
}
