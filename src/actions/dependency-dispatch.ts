/** Finds what has to be rebuilt, and tells the repositories whose turn it is to look. */
import { join } from 'node:path';
import { look, modes, outputsOf, questionOf, readFacts, reasonToStay, writeFacts } from '../cascade/index.ts';
import { createGitHub } from '../github/index.ts';
import { fail, ProblemsError } from '../problems.ts';
import * as runner from '../runner/index.ts';

const { inputs, log } = runner;

export async function run({ processes, signal }: runner.ActionContext): Promise<void> {
  const mode = inputs.choice('mode', modes) ?? 'after-push';
  const ref = runner.readEvent();
  const stay = reasonToStay(ref, mode);
  if (stay !== undefined) {
    log.info(stay);
    return writeOutputs(outputsOf({ plan: { images: [], cycles: [] }, dispatched: [] }));
  }
  const env = runner.currentEnvironment();
  const token =
    inputs.secret('token') ?? fail("input 'token' is empty", { hint: 'give it a token with contents: write' });
  const login = { username: inputs.optional('username'), password: inputs.secret('password') };
  const results = await readResults(mode === 'after-push');
  const question = questionOf(mode, ref, results, {
    fleet: inputs.list('fleet'),
    images: inputs.list('images'),
    force: inputs.flag('force'),
    eventType: inputs.optional('event-type') ?? 'image-cascade',
    dryRun: inputs.flag('dry-run'),
    maxDispatches: inputs.count('max-dispatches', 450),
    maxHold: inputs.period('max-hold', 24 * 3_600_000),
    baseBranch: env.GITHUB_BASE_REF || undefined,
    payload: runner.readClientPayload(),
  });
  const factsFile = inputs.optional('cache-file') ?? join(runner.runFolder(), 'facts.json');
  const facts = readFacts(factsFile);
  const { GITHUB_API_URL: apiUrl, GITHUB_GRAPHQL_URL: graphqlUrl } = env;
  const found = await look(question, {
    github: createGitHub({ token, apiUrl, graphqlUrl, signal, log: log.info }),
    registry: async (hosts) => {
      const { createRegistry, readDockerCredentials } = await import('../registry/index.ts');
      const host = inputs.optional('registry') ?? results?.render?.registry ?? hosts[0];
      const { username, password } = login;
      const explicit = host && username && password ? { explicit: { host, username, password } } : {};
      return createRegistry({
        credentials: readDockerCredentials({ processes, env, ...explicit }),
        signal,
        log: log.debug,
      });
    },
    renderUpstreams: async () => (await import('../render/render-dockerfile.ts')).renderUpstreams,
    facts,
    log: log.info,
    now: Date.now,
  });
  writeFacts(factsFile, facts);

  for (const problem of found.warnings) log.annotate(problem, 'warning');
  const { held, lastGood = [] } = found;
  if (held !== undefined) await runner.writeRecord('held', { images: held, lastGood });
  writeOutputs(outputsOf(found));
  const { cascadeSummary } = await import('../reports/index.ts');
  await log.summarize(cascadeSummary(found));
  if (found.errors.length > 0) throw new ProblemsError(found.errors);
}

async function readResults(afterPush: boolean) {
  if (!afterPush) return { render: await runner.findRecord('render') };
  return {
    render: await runner.readRecord('render'),
    push: await runner.readRecord('push'),
    spec: await runner.findRecord('spec'),
    build: await runner.findRecord('build'),
    integration: await runner.findRecord('integration'),
  };
}

function writeOutputs(outputs: ReturnType<typeof outputsOf>): void {
  for (const [name, value] of Object.entries(outputs)) runner.setOutput(name, value);
}
