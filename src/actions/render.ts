/** Renders the images of the repository, and finds out which have to be built and tested. */
import { createGit } from '../git/index.ts';
import type { RenderRecord } from '../images/records.ts';
import { createRegistry, readDockerCredentials } from '../registry/index.ts';
import { loadRepository, renderImages, selectImages, withInputs } from '../render/index.ts';
import { renderSummary } from '../reports/index.ts';
import {
  type ActionContext,
  currentEnvironment,
  findRecord,
  inputs,
  log,
  readEvent,
  runFolder,
  setOutput,
  startRun,
  writeRecord,
} from '../runner/index.ts';

export async function run({ processes, signal }: ActionContext): Promise<void> {
  const env = currentEnvironment();
  const workspace = env.GITHUB_WORKSPACE || process.cwd();
  const token = inputs.secret('token');
  const event = readEvent(env);
  const git = createGit(processes, { workspace, serverUrl: env.GITHUB_SERVER_URL || 'https://github.com', token });
  startRun();

  const override = inputs.list('template-override');
  const config = loadRepository(workspace, inputs.optional('config') ?? 'images.yaml', override);
  const selected = await selectImages(config, inputs.list('images'));
  const platforms = inputs.list('platforms');
  const buildArgs = inputs.pairs('build-args');
  const login = inputs.login(config.registry);
  const record = await renderImages({
    config,
    images: selected.map((image) => withInputs(image, platforms, buildArgs)),
    workspace,
    folder: runFolder(),
    event,
    git,
    registry: createRegistry({
      credentials: readDockerCredentials({
        processes,
        env,
        ...(login === undefined ? {} : { explicit: { ...login, host: login.registry } }),
      }),
      log: log.debug,
      signal,
    }),
    force: inputs.flag('force'),
    held: (await findRecord('held')) ?? { images: [] },
  });
  await writeRecord('render', record);
  await report(record);
}

async function report(record: RenderRecord): Promise<void> {
  const { images } = record;
  for (const { name, build, test } of images) {
    log.info(`${name}: ${build.needed ? 'build' : 'no build'}, ${build.reason}`);
    log.info(`${' '.repeat(name.length)}  ${test.needed ? 'test' : 'no test'}, ${test.reason}`);
  }
  for (const { waiting, build, template } of images)
    if (waiting) log.annotate({ message: build.reason, place: { file: template, line: 1 } }, 'notice');
  const toBuild = images.filter(({ build }) => build.needed);
  setOutput(
    'images',
    images.map(({ material: _, templateLines: __, ...image }) => ({
      ...image,
      reference: `${image.repository}:${image.tags[0] ?? 'latest'}`,
    })),
  );
  setOutput('matrix', {
    include: toBuild.map(({ name, platforms }) => ({ image: name, platforms: platforms.join(',') })),
  });
  setOutput('any-to-build', toBuild.length > 0);
  const anyToTest = images.some(({ test }) => test.needed);
  setOutput('any-to-test', anyToTest);
  await log.summarize(renderSummary(record));
}
