/** Deletes old builds, marks those that have to stay, brings back what went. */
import { join } from 'node:path';
import { createGitHub, createPace, parseFleet } from '../github/index.ts';
import { fail, ProblemsError } from '../problems.ts';
import { createRegistry, readDockerCredentials } from '../registry/index.ts';
import { holdSummary, restoreSummary, rotationSummary } from '../reports/index.ts';
import * as rotation from '../rotate/index.ts';
import * as runner from '../runner/index.ts';

const { inputs, log } = runner;

export async function run({ processes, signal, cleanup }: runner.ActionContext): Promise<void> {
  runner.keepHeapSmall();
  const mode = inputs.choice('mode', rotation.modes) ?? 'rotate';
  const event = runner.readEvent();
  const forPull = event.type === 'pull-request';
  if (forPull && mode !== 'rotate')
    fail(`a pull request can't ${mode} a build`, { hint: 'start the workflow by hand' });
  const env = runner.currentEnvironment();
  const { GITHUB_API_URL: apiUrl, GITHUB_GRAPHQL_URL: graphqlUrl } = env;
  const token = inputs.secret('token') ?? fail("input 'token' is empty", { hint: "give it the job's token" });
  const clientFor = (own: string) =>
    createGitHub({ token: own, apiUrl, graphqlUrl, signal, log: log.info, pace: createPace() });
  const github = clientFor(token);
  const entries = parseFleet(inputs.list('fleet'));
  const fleet = await rotation.readFleet(clientFor(inputs.secret('fleet-token') ?? token), entries);
  const configFile = inputs.optional('config') ?? 'images.yaml';
  const own = rotation.readOwn(env.GITHUB_WORKSPACE ?? '.', configFile, event, fleet);
  const login = inputs.login((own ?? fleet[0])?.config.registry ?? 'ghcr.io');
  const explicit = login === undefined ? {} : { explicit: { ...login, host: login.registry } };
  const credentials = readDockerCredentials({ processes, env, ...explicit });
  const registry = createRegistry({ credentials, signal, log: log.debug });
  const store = rotation.createStores({ github, registry, kind: inputs.choice('store', rotation.storeKinds) });
  const builds = { own, texts: inputs.list('images'), defaultBranch: event.defaultBranch };
  const shared = { registry, store, log: log.info };

  if (mode === 'hold' || mode === 'release') {
    const done = await rotation.changeHolds(mode, builds, shared, {
      name: inputs.optional('name'),
      until: rotation.lastDay(inputs.optional('until'), new Date()),
      reason: inputs.text('reason'),
      by: env.GITHUB_TRIGGERING_ACTOR ?? env.GITHUB_ACTOR ?? 'somebody',
      run: event.runUrl,
      now: new Date(),
    });
    runner.setOutput('holds', done.builds);
    await log.summarize(holdSummary(mode, done.builds));
    if (done.problems.length > 0) throw new ProblemsError(done.problems);
    return;
  }
  if (mode === 'restore') {
    const record = rotation.readDeletionRecord(inputs.required('record'));
    const restorations = await rotation.restore(record, { ...shared, github, builds });
    await log.summarize(restoreSummary(restorations));
    const problems = rotation.restoreProblems(restorations);
    if (problems.length > 0) throw new ProblemsError(problems);
    return;
  }
  const recordFile = join(runner.runFolder(), 'rotation.json');
  runner.setOutput('record', recordFile);
  const result = await rotation.rotate(
    {
      own,
      fleet,
      recordFile,
      scope: inputs.choice('scope', rotation.scopes) ?? 'repository',
      images: builds.texts,
      dryRun: inputs.flag('dry-run') || forPull,
      maxShare: inputs.count('max-share', 50) / 100,
      deadline: Date.now() + inputs.count('timeout-minutes', 50) * 60_000,
      artifacts: inputs.list('artifacts'),
      caches: inputs.list('caches'),
      run: event.runUrl,
    },
    { ...shared, github, signal, now: Date.now, onRecord: (record) => cleanup(async () => record.flush()) },
  );
  for (const [name, value] of Object.entries(rotation.outputsOf(result))) runner.setOutput(name, value);
  await log.summarize(rotationSummary({ rotation: result, own, reasons: inputs.flag('reasons') }));
  for (const problem of rotation.warningsOf(result)) log.annotate(problem, 'warning');
  if (result.problems.length > 0) throw new ProblemsError(result.problems);
}
