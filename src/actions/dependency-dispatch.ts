/** Tells the repositories whose images became ready to look. */
import { type Look, look, modes, outputsOf, questionOf, type RunResults, reasonToStay } from '../cascade/index.ts';
import { createGitHub } from '../github/index.ts';
import { fail, ProblemsError } from '../problems.ts';
import {
  type ActionContext,
  currentEnvironment,
  findRecord,
  inputs,
  log,
  readClientPayload,
  readEvent,
  readRecord,
  setOutput,
} from '../runner/index.ts';

export async function run({ processes, signal }: ActionContext): Promise<void> {
  const mode = inputs.choice('mode', modes) ?? 'after-push';
  const ref = readEvent();
  const stay = reasonToStay(ref, mode);
  if (stay !== undefined) {
    log.info(stay);
    return writeOutputs({ plan: { images: [], cycles: [] }, dispatched: [] });
  }
  const env = currentEnvironment();
  const token =
    inputs.secret('token') ?? fail("input 'token' is empty", { hint: 'give it a token with contents: write' });
  const login = { username: inputs.optional('username'), password: inputs.secret('password') };
  const results = mode === 'after-push' ? await readResults() : undefined;
  const question = questionOf(mode, ref, results, {
    fleet: inputs.list('fleet'),
    eventType: inputs.optional('event-type') ?? 'image-cascade',
    dryRun: inputs.flag('dry-run'),
    payload: readClientPayload(),
  });
  const found = await look(question, {
    github: createGitHub({
      token,
      apiUrl: env.GITHUB_API_URL,
      graphqlUrl: env.GITHUB_GRAPHQL_URL,
      signal,
      log: log.info,
    }),
    registry: async (hosts) => {
      const { createRegistry, readDockerCredentials } = await import('../registry/index.ts');
      const host = inputs.optional('registry') ?? results?.render.registry ?? hosts[0];
      const { username, password } = login;
      const explicit = host && username && password ? { explicit: { host, username, password } } : {};
      const credentials = readDockerCredentials({ processes, env, ...explicit });
      return createRegistry({ credentials, signal, log: log.debug });
    },
    renderUpstreams: async () => (await import('../render/render-dockerfile.ts')).renderUpstreams,
    log: log.info,
  });

  for (const problem of found.warnings) log.annotate(problem, 'warning');
  writeOutputs(found);
  const { cascadeSummary } = await import('../reports/index.ts');
  await log.summarize(cascadeSummary(found.plan, found.edges, found.dispatched));
  if (found.errors.length > 0) throw new ProblemsError(found.errors);
}

async function readResults(): Promise<RunResults> {
  return {
    render: await readRecord('render'),
    push: await readRecord('push'),
    spec: await findRecord('spec'),
    build: await findRecord('build'),
    integration: await findRecord('integration'),
  };
}

function writeOutputs(found: Pick<Look, 'plan' | 'dispatched'>): void {
  for (const [name, value] of Object.entries(outputsOf(found))) setOutput(name, value);
}
