/** Publishes the images of the run. */
import { openEngine } from '../engine/index.ts';
import { createGit } from '../git/index.ts';
import { ProblemsError } from '../problems.ts';
import { createSuperseded, engineStore, publish } from '../publish/index.ts';
import { createRegistry, readDockerCredentials } from '../registry/index.ts';
import { pushSummary } from '../reports/index.ts';
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

export async function run(context: ActionContext): Promise<void> {
  const { processes, signal, cleanup } = context;
  const render = await readRecord('render');
  if (render.ref.type === 'pull-request') {
    log.info('A pull request publishes nothing.');
    setOutput('images', []);
    setOutput('any-changed', false);
    return;
  }
  const credentials = inputs.login(render.registry);
  const env = currentEnvironment();
  const explicit = credentials === undefined ? {} : { explicit: { ...credentials, host: credentials.registry } };
  const registry = createRegistry({
    credentials: readDockerCredentials({ processes, env, ...explicit }),
    signal,
    log: log.debug,
  });
  const serverUrl = env.GITHUB_SERVER_URL ?? 'https://github.com';
  const git = createGit(processes, {
    workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
    serverUrl,
    token: inputs.secret('token'),
  });

  const store = async () => {
    const engine = await openEngine({ processes, env, credentials, cleanup });
    return engineStore(engine, registry, cleanup, log.info);
  };
  let opened: ReturnType<typeof store> | undefined;
  const results = {
    build: await findRecord('build'),
    spec: await findRecord('spec'),
    integration: await findRecord('integration'),
  };
  const { images, problems } = await publish(render, results, {
    registry,
    store: () => {
      opened ??= store();
      return opened;
    },
    superseded: createSuperseded(git, registry, render.ref),
    now: () => new Date(),
    log: log.info,
  });
  await writeRecord('push', { images });
  setOutput('images', images);
  setOutput(
    'any-changed',
    images.some(({ changed }) => changed),
  );
  await log.summarize(pushSummary({ images }));
  if (problems.length > 0) throw new ProblemsError(problems);
}
