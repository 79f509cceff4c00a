/** Tests the images of this job: their Dockerfiles before the build, or their containers after it. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { RenderedImage, RenderRecord, TestRecord } from '../images/records.ts';
import { type Problem, ProblemsError } from '../problems.ts';
import { testSummary } from '../reports/index.ts';
import {
  type ActionContext,
  currentEnvironment,
  findRecord,
  inputs,
  log,
  readRecord,
  setOutput,
  writeRecord,
} from '../runner/index.ts';

type Phase = 'spec' | 'integration';

export async function run(context: ActionContext): Promise<void> {
  inputs.required('phase');
  const phase = inputs.choice<Phase>('phase', ['spec', 'integration']);
  const { selectNamed } = await import('../checks/select.ts');
  const render = await readRecord('render');
  const images = await selectNamed(render.images, inputs.list('images'));
  await (phase === 'spec' ? testSpec(images, render) : testIntegration(images, render, context));
}

async function testSpec(images: readonly RenderedImage[], render: RenderRecord): Promise<void> {
  const [{ failOnChoices, rules, runSpecs }, { shownResults }, { writeSarif }] = await Promise.all([
    import('../dockerfile/index.ts'),
    import('../checks/shown-results.ts'),
    import('../reports/sarif.ts'),
  ]);
  const workspace = currentEnvironment().GITHUB_WORKSPACE ?? process.cwd();
  const { record, problems, failing } = runSpecs(images, render, workspace, {
    allowedBases: inputs.list('allowed-bases'),
    allowedVersions: inputs.list('allowed-versions'),
    failOn: inputs.choice('fail-on', failOnChoices),
    severities: inputs.pairs('severities'),
    rulesFile: inputs.optional('rules'),
    hadolintFile: inputs.optional('hadolint-config'),
  });
  for (const image of record.images) shownResults(image).forEach(log.info);
  // What fails is annotated where the step ends.
  for (const problem of problems) if (!failing.includes(problem)) log.annotate(problem, problem.severity);
  const sarif = inputs.optional('sarif');
  if (sarif !== undefined) writeSarif(resolve(workspace, sarif), problems, rules);
  await finish('spec', record, failing);
}

async function testIntegration(
  images: readonly RenderedImage[],
  render: RenderRecord,
  context: ActionContext,
): Promise<void> {
  const env = currentEnvironment();
  const credentials = inputs.login(render.registry);
  const [{ detectEngine, logIn }, { shownResults, testImages }] = await Promise.all([
    import('../engine/index.ts'),
    import('../checks/index.ts'),
  ]);
  const { record, problems, logTails } = await testImages(images, render, await findRecord('build'), {
    signal: context.signal,
    cleanup: context.cleanup,
    env,
    workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
    concurrency: availableParallelism(),
    findEngine: async () => {
      const engine = await detectEngine(context.processes, env, inputs.choice('engine', ['docker', 'podman']));
      if (credentials === undefined) return engine;
      const login = await logIn(engine, credentials);
      context.cleanup(login.logOut);
      return login.engine;
    },
  });
  for (const image of record.images) shownResults(image, logTails.get(image.name)).forEach(log.info);
  await finish('integration', record, problems);
}

async function finish(phase: Phase, record: TestRecord, problems: readonly Problem[]): Promise<void> {
  await writeRecord(phase, record);
  setOutput('images', record.images);
  for (const wanted of ['passed', 'failed'])
    setOutput(wanted, record.images.filter(({ status }) => status === wanted).length);
  await log.summarize(testSummary(phase, record));
  if (problems.length > 0) throw new ProblemsError(problems);
}
