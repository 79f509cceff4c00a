/** Tests the images of this job: their Dockerfiles before the build, or their containers after it. */
import { availableParallelism } from 'node:os';
import type { RenderedImage, RenderRecord, TestRecord } from '../images/records.ts';
import { type Problem, ProblemsError } from '../problems.ts';
import { checkReports, type TestPhase, testSummary, writeReports } from '../reports/index.ts';
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

interface Outcome {
  readonly record: TestRecord;
  readonly failing: readonly Problem[];
  /** Last lines of the containers' logs, by image. */
  readonly logTails?: ReadonlyMap<string, readonly string[]>;
  /** What a SARIF file of it holds. */
  sarif?(): Promise<unknown>;
}

export async function run(context: ActionContext): Promise<void> {
  inputs.required('phase');
  const phase: TestPhase = inputs.choice('phase', ['spec', 'integration']) === 'spec' ? 'spec' : 'integration';
  const reports = inputs.list('report');
  checkReports(reports, phase);
  const { selectNamed } = await import('../checks/select.ts');
  const render = await readRecord('render');
  const images = await selectNamed(render.images, inputs.list('images'));
  const workspace = currentEnvironment().GITHUB_WORKSPACE ?? process.cwd();
  const {
    record,
    failing,
    logTails,
    sarif = async () => undefined,
  } = await (phase === 'spec'
    ? testSpec(images, render, workspace)
    : testIntegration(images, render, workspace, context));
  await writeRecord(phase, record);
  setOutput('images', record.images);
  for (const wanted of ['passed', 'failed'])
    setOutput(wanted, record.images.filter(({ status }) => status === wanted).length);
  setOutput('report', (await writeReports(reports, workspace, phase, record, sarif)).join('\n'));
  await log.summarize(testSummary(phase, record, logTails));
  if (failing.length > 0) throw new ProblemsError(failing);
}

async function testSpec(images: readonly RenderedImage[], render: RenderRecord, workspace: string): Promise<Outcome> {
  const [{ failOnChoices, rules, runSpecs }, { shownResults }] = await Promise.all([
    import('../dockerfile/index.ts'),
    import('../checks/shown-results.ts'),
  ]);
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
  return { record, failing, sarif: async () => (await import('../reports/sarif.ts')).specSarif(problems, rules) };
}

async function testIntegration(
  images: readonly RenderedImage[],
  render: RenderRecord,
  workspace: string,
  { signal, cleanup, processes }: ActionContext,
): Promise<Outcome> {
  const env = currentEnvironment();
  const credentials = inputs.login(render.registry);
  const [{ openEngine }, { shownResults, testImages }] = await Promise.all([
    import('../engine/index.ts'),
    import('../checks/index.ts'),
  ]);
  const wanted = inputs.choice('engine', ['docker', 'podman']);
  const findEngine = () => openEngine({ processes, env, wanted, credentials, cleanup });
  const options = { signal, cleanup, env, workspace, concurrency: availableParallelism(), findEngine };
  const { record, problems, logTails } = await testImages(images, render, await findRecord('build'), options);
  for (const image of record.images) shownResults(image, logTails.get(image.name)).forEach(log.info);
  return { record, failing: problems, logTails };
}
