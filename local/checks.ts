/**
 * `npm run e2e:checks`: the build, and every kind of check passing and failing, on a real engine and a real registry.
 * The cases are the folders of `checks/cases`.
 */
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImages } from '../src/build/index.ts';
import { type ImagesTested, testImages } from '../src/checks/index.ts';
import { detectEngine, type Engine, pushImage, removeImage, tagImage } from '../src/engine/index.ts';
import type { BuildRecord, RenderedImage, RenderRecord, Upstream } from '../src/images/records.ts';
import { createRegistry } from '../src/registry/index.ts';
import { createProcesses, currentEnvironment } from '../src/runner/index.ts';
import { provideBaseImage } from './base-image/index.ts';
import { makeCertificates } from './checks/certificates.ts';
import { dockerfiles } from './checks/images.ts';
import { recordOf, rendered } from './checks/records.ts';
import { startEngine } from './engine/index.ts';
import { main, onExit, projectRoot, temporaryFolder } from './processes/index.ts';
import { startRegistry } from './registry/server.ts';

const log = (line: string): void => console.log(line);

/** What has to come of the container being up, and of each check after that. */
type Expected = 'all pass' | 'all fail' | 'not up';

const cases: readonly (readonly [folder: string, image: string, expected: Expected])[] = [
  ['right', 'service', 'all pass'],
  ['wrong', 'service', 'all fail'],
  ['together', 'service', 'all pass'],
  ['secure', 'service', 'all pass'],
  ['insecure', 'service', 'all fail'],
  ['configured', 'service', 'all pass'],
  ['misconfigured', 'service', 'all fail'],
  ['documented', 'service', 'all pass'],
  ['undocumented', 'service', 'all fail'],
  ['podded', 'service', 'all pass'],
  ['unready', 'service', 'all fail'],
  ['unchanged', 'service', 'all pass'],
  ['regressed', 'service', 'all fail'],
  ['lonely', 'service', 'not up'],
  ['stops', 'service', 'not up'],
  ['never', 'service', 'not up'],
  ['still', 'empty', 'all pass'],
];

await main(async () => {
  const [local, server] = await Promise.all([startEngine({ log }), startRegistry({ log })]);
  onExit(() => Promise.all([server.stop(), local.stop()]).then(() => undefined));
  const base = await provideBaseImage(server, { log });
  const { path: folder } = await temporaryFolder('image-cascade-checks-');
  const env = { ...currentEnvironment(), ...local.env, ...(await podmanEnvironment(folder)) };
  const engine = await detectEngine(createProcesses(), env);
  log(`${engine.kind} ${engine.version}, buildx ${engine.buildx}, ${engine.store} image store`);

  let [passed, failed] = [0, 0];
  const verdict = (what: string, wrong: readonly string[]): void => {
    if (wrong.length === 0) passed += 1;
    else failed += 1;
    log(`${wrong.length === 0 ? '✓' : '✗'} ${what}${wrong.map((line) => `\n    ${line}`).join('')}`);
  };

  const published = `${server.host}/acme/service:latest`;
  const images = await renderAll(folder, base, published);
  const render = recordOf(images);
  const built = await build(engine, render, join(folder, 'build'));
  verdict('the build takes along what it can, and names the line that failed', builtWrong(built));
  onExit(async () => {
    for (const { image } of built.record.images) if (image !== undefined) await removeImage(engine, image.reference);
  });
  await publishOlder(engine, built.record, published);

  await cp(join(projectRoot(), 'local', 'checks', 'cases'), join(folder, 'cases'), { recursive: true });
  for (const name of ['secure', 'insecure']) await makeCertificates(join(folder, 'cases', name));
  for (const [name, imageName, expected] of cases) {
    const image = images.find((other) => other.name === imageName);
    if (image === undefined) throw new Error(`there is no image ${imageName}`);
    const testFolder = `cases/${name}`;
    const begun = performance.now();
    const tested = await testImages(
      [{ ...image, tests: `${testFolder}/tests.yaml`, testFolder }, ...images.filter((other) => other !== image)],
      render,
      { images: built.record.images },
      {
        signal: new AbortController().signal,
        cleanup: () => {},
        workspace: folder,
        concurrency: 2,
        findEngine: async () => engine,
      },
    );
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    verdict(`${name}: ${expected}, in ${seconds} s`, outcomeWrong(tested, imageName, expected));
  }
  verdict('nothing is left', await leftovers(engine));
  log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});

/** Settings that Podman needs where cgroups are mixed, and that do no harm elsewhere. */
async function podmanEnvironment(folder: string): Promise<Record<string, string>> {
  const file = join(folder, 'containers.conf');
  const settings = [
    '[containers]',
    'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
    '[engine]',
    'runtime = "runc"',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
  ];
  await writeFile(file, `${settings.join('\n')}\n`);
  return { CONTAINERS_CONF: file };
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

function builtWrong({ record, problems }: Awaited<ReturnType<typeof build>>): string[] {
  const statuses = record.images.map(({ name, status }) => `${name} ${status}`).join(', ');
  const place = JSON.stringify(problems[0]?.place);
  return [
    ...(statuses === 'service built, older built, failing failed, on-failing skipped, empty built' ? [] : [statuses]),
    ...(place === JSON.stringify({ file: 'docker/failing/Dockerfile.j2', line: 3 })
      ? []
      : [`the problem is at ${place}`]),
  ];
}

/** What the baseline checks compare with. */
async function publishOlder(engine: Engine, { images }: BuildRecord, reference: string): Promise<void> {
  const older = images.find(({ name }) => name === 'older')?.image;
  if (older === undefined) throw new Error('the older image was not built');
  await tagImage(engine, older.reference, reference);
  await pushImage(engine, reference);
  await removeImage(engine, reference);
}

function outcomeWrong({ record }: ImagesTested, image: string, expected: Expected): string[] {
  const { reason, checks = [] } = record.images.find(({ name }) => name === image) ?? {};
  if (checks.length === 0) return [`no check was done: ${reason}`];
  const wanted = (index: number): string => {
    if (expected === 'all pass') return 'passed';
    if (expected === 'all fail') return checks[0]?.title === 'is up' && index === 0 ? 'passed' : 'failed';
    return index === 0 ? 'failed' : 'skipped';
  };
  return checks.flatMap(({ title, status, message = '' }, index) => {
    // Shown, so that what people get to read can be read.
    log(`    ${status}: ${title}${message === '' ? '' : `: ${message.replaceAll('\n', '\n      ')}`}`);
    return status === wanted(index) ? [] : [`${status}, not ${wanted(index)}: ${title}: ${message}`];
  });
}

async function leftovers({ processes, env }: Engine): Promise<string[]> {
  const filter = ['--filter', 'label=io.image-cascade.run', '--quiet'];
  const lists = await Promise.all([
    processes.run('docker', ['ps', '--all', ...filter], { env }),
    processes.run('docker', ['network', 'ls', ...filter], { env }),
  ]);
  return lists.flatMap(({ stdout }) => (stdout.trim() === '' ? [] : [stdout.trim()]));
}
