/** Tells the repositories whose images became ready to look. */
import {
  look,
  modes,
  type Question,
  readOrigin,
  reasonToStay,
  scopeAfterPush,
  scopeAfterSource,
} from '../cascade/index.ts';
import { createGitHub } from '../github/index.ts';
import { fail, ProblemsError } from '../problems.ts';
import type { Registry } from '../registry/types.ts';
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
    for (const name of ['dispatched', 'waiting', 'blocked']) setOutput(name, []);
    setOutput('plan', { images: [], cycles: [] });
    return;
  }
  const env = currentEnvironment();
  const login = { username: inputs.optional('username'), password: inputs.secret('password') };
  const render = mode === 'after-push' ? await readRecord('render') : undefined;
  const scope =
    render !== undefined
      ? scopeAfterPush({
          render,
          push: await readRecord('push'),
          spec: await findRecord('spec'),
          build: await findRecord('build'),
          integration: await findRecord('integration'),
        })
      : mode === 'after-source'
        ? scopeAfterSource(ref)
        : {};
  const question: Question = {
    ...scope,
    repositories: [...new Set([...(mode === 'after-source' ? [] : [ref.repository]), ...inputs.list('fleet')])],
    origin: readOrigin(readClientPayload(), ref),
    eventType: inputs.optional('event-type') ?? 'image-cascade',
    dryRun: inputs.flag('dry-run'),
  };
  const github = createGitHub({
    token: inputs.secret('token') ?? fail("input 'token' is empty", { hint: 'give it a token with contents: write' }),
    ...(env.GITHUB_API_URL ? { apiUrl: env.GITHUB_API_URL } : {}),
    ...(env.GITHUB_GRAPHQL_URL ? { graphqlUrl: env.GITHUB_GRAPHQL_URL } : {}),
    signal,
    log: log.info,
  });
  const registry = async (hosts: readonly string[]): Promise<Registry> => {
    const { createRegistry, readDockerCredentials } = await import('../registry/index.ts');
    const host = inputs.optional('registry') ?? render?.registry ?? hosts[0];
    const { username, password } = login;
    const explicit = host && username && password ? { explicit: { host, username, password } } : {};
    return createRegistry({
      credentials: readDockerCredentials({ processes, env, ...explicit }),
      signal,
      log: log.debug,
    });
  };
  const found = await look(question, {
    github,
    registry,
    renderUpstreams: async () => (await import('../render/render-dockerfile.ts')).renderUpstreams,
    log: log.info,
  });

  for (const problem of found.warnings) log.annotate(problem, 'warning');
  const states = Map.groupBy(found.plan.images, ({ state }) => state);
  setOutput(
    'dispatched',
    found.dispatched.filter(({ status }) => status === 'dispatched'),
  );
  setOutput('waiting', states.get('waiting') ?? []);
  setOutput('blocked', states.get('blocked') ?? []);
  setOutput('plan', found.plan);
  const { cascadeSummary } = await import('../reports/index.ts');
  await log.summarize(cascadeSummary(found.plan, found.edges, found.dispatched));
  if (found.errors.length > 0) throw new ProblemsError(found.errors);
}
