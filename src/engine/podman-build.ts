/** Builds with `podman build`, one image after the other. */
import type { BuildOutcome } from './bake.ts';
import type { BuildContext, BuildSettings, BuildTarget } from './bake-definition.ts';
import { type Engine, runEngine } from './engine.ts';
import { explainFailure } from './failures.ts';

/** The command line of one build. A build context that stands for another target names the image that it became. */
export function podmanBuildArguments(
  target: BuildTarget,
  settings: BuildSettings,
  tagOf: (name: string) => string | undefined,
): string[] {
  const each = (option: string, values: readonly string[]): string[] => values.flatMap((value) => [option, value]);
  const place = (context: BuildContext): string =>
    context.kind === 'image'
      ? `docker://${context.reference}`
      : `container-image://${tagOf(context.name) ?? context.name}`;
  const pairs = (values: Readonly<Record<string, string>>): string[] =>
    Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return [
    'build',
    '--file',
    target.dockerfile,
    '--tag',
    target.tag,
    '--format',
    'oci',
    '--layers',
    '--timestamp',
    String(settings.epoch),
    ...(target.target === undefined ? [] : ['--target', target.target]),
    ...each('--build-arg', pairs(target.buildArgs)),
    ...each('--label', pairs(target.labels)),
    ...each('--platform', target.platforms),
    ...each(
      '--build-context',
      Object.entries(target.contexts).map(([written, context]) => `${written}=${place(context)}`),
    ),
    ...each(
      '--secret',
      Object.entries(settings.secrets).map(([id, file]) => `id=${id},src=${file}`),
    ),
    ...each('--cache-from', target.cacheFrom),
    ...each('--cache-to', target.cacheTo),
    ...(settings.noCache ? ['--no-cache'] : []),
    target.context,
  ];
}

/** Builds one target; those it stands on have to be built before. */
export async function podmanBuild(
  engine: Engine,
  target: BuildTarget,
  settings: BuildSettings,
  tagOf: (name: string) => string | undefined,
  onLine: (line: string) => void,
): Promise<BuildOutcome> {
  const lines: string[] = [];
  const begun = performance.now();
  const result = await runEngine(engine, podmanBuildArguments(target, settings, tagOf), {
    onLine: (line) => {
      lines.push(line);
      onLine(`[${target.name}] ${line}`);
    },
  });
  const logs = new Map([[target.name, lines]]);
  const durations = new Map([[target.name, Math.round(performance.now() - begun)]]);
  if (result.status === 0) return { ok: true, logs, durations, metadata: {} };
  const failure = explainFailure(result.stderr, result.status);
  const line = failedLine(lines);
  return {
    ok: false,
    logs,
    durations,
    metadata: {},
    failure: { name: target.name, general: false, ...(line === undefined ? {} : { line }), ...failure },
  };
}

/** Podman names the line only where the Dockerfile can't be read: `line 3: …`. */
function failedLine(lines: readonly string[]): number | undefined {
  const number = lines.map((line) => /\bline (\d+):/.exec(line)?.[1]).findLast((match) => match !== undefined);
  return number === undefined ? undefined : Number(number);
}
