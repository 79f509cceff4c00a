/** Builds the images of this job that need it. */
import { join } from 'node:path';
import { agreeWithRender, buildImages, parseSecrets, shownLogs, writeSecrets } from '../build/index.ts';
import { type BuildSettings, openEngine } from '../engine/index.ts';
import { ProblemsError } from '../problems.ts';
import { buildSummary } from '../reports/index.ts';
import {
  type ActionContext,
  currentEnvironment,
  inputs,
  log,
  readRecord,
  runFolder,
  setOutput,
  writeRecord,
} from '../runner/index.ts';

export async function run({ processes, signal, cleanup }: ActionContext): Promise<void> {
  const secrets = parseSecrets(inputs.text('secrets'));
  for (const value of Object.values(secrets)) log.mask(value);
  const render = await readRecord('render');
  const needed = render.images.filter(({ build, waiting }) => build.needed && !waiting);
  const disagreements = agreeWithRender(needed, inputs.list('platforms'), inputs.pairs('build-args'));
  if (disagreements.length > 0) throw new ProblemsError(disagreements);

  const files = await writeSecrets(secrets);
  cleanup(files.remove);
  const credentials = inputs.login(render.registry);
  const wanted = inputs.choice('engine', ['docker', 'podman']);
  const find = () => openEngine({ processes, env: currentEnvironment(), wanted, credentials, cleanup });
  const { record, problems, logs, metadata } = await buildImages(render, find, {
    settings: settingsFromInputs(files.files, render.ref.committed),
    cacheFrom: inputs.lines('cache-from'),
    cacheTo: inputs.lines('cache-to'),
    folder: join(runFolder(), 'build'),
    signal,
    onLine: log.info,
  });
  if (signal.aborted) return;

  await writeRecord('build', record);
  setOutput('images', record.images);
  setOutput(
    'any-built',
    record.images.some(({ status }) => status === 'built'),
  );
  setOutput('metadata', metadata);
  await log.summarize(buildSummary(render, record));
  for (const { title, lines, tail } of shownLogs(record, logs)) {
    await log.group(title, async () => lines.forEach(log.info));
    tail.forEach(log.info);
  }
  for (const { name, status, reason } of record.images) log.info(`${name}: ${status} (${reason})`);
  if (problems.length > 0) throw new ProblemsError(problems);
}

function settingsFromInputs(secrets: BuildSettings['secrets'], epoch: number): BuildSettings {
  const named = (['provenance', 'sbom', 'builder'] as const).flatMap((name) => {
    const value = inputs.optional(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { secrets, epoch, noCache: inputs.flag('no-cache'), ...Object.fromEntries(named) };
}
