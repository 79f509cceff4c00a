/** Runs `docker buildx bake`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildSettings, type BuildTarget, bakeArguments, bakeDefinition, targetIds } from './bake-definition.ts';
import { failedInstruction, failureMessage, failureReport, linesByTarget } from './build-log.ts';
import { type Engine, runEngine } from './engine.ts';
import { explainFailure } from './failures.ts';

export interface BuildOutcome {
  readonly ok: boolean;
  /** Log of each image, by name. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
  /** Milliseconds from the first to the last line of each image, by name. */
  readonly durations: ReadonlyMap<string, number>;
  /** buildx's metadata by image name; empty when it failed. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly failure?: {
    /** The image whose instruction failed; absent when the build does not tell. */
    readonly name?: string;
    /** Line of its Dockerfile. */
    readonly line?: number;
    readonly message: string;
    readonly hint?: string;
    /** Whether the machine or the engine fails, so that no other image can be built either. */
    readonly general: boolean;
  };
}

/**
 * Builds targets, in parallel where they do not need each other, and loads them into the engine.
 * @param folder for the definition and the metadata
 * @param onLine gets the progress as it happens
 */
export async function bake(
  engine: Engine,
  targets: readonly BuildTarget[],
  settings: BuildSettings,
  folder: string,
  onLine: (line: string) => void,
): Promise<BuildOutcome> {
  const ids = targetIds(targets.map(({ name }) => name));
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'bake.json');
  const metadataFile = join(folder, 'metadata.json');
  await writeFile(file, JSON.stringify(bakeDefinition(targets, ids, settings), null, 2));

  const lines: string[] = [];
  const arrivals: number[] = [];
  // A buildx that does not tell its version goes on all the same.
  const env = { ...engine.env, SOURCE_DATE_EPOCH: String(settings.epoch), BUILDX_BAKE_ENTITLEMENTS_FS: '0' };
  const result = await runEngine(
    { ...engine, env },
    bakeArguments(file, [...ids.values()], metadataFile, engine.buildx, settings.builder),
    {
      cwd: folder,
      onLine: (line) => {
        lines.push(line);
        arrivals.push(performance.now());
        onLine(line);
      },
    },
  );
  const logs = new Map<string, readonly string[]>();
  const durations = new Map<string, number>();
  for (const [id, own] of linesByTarget(lines, [...ids.values()])) {
    const name = names.get(id) ?? id;
    const at = (index: number | undefined): number => (index === undefined ? 0 : (arrivals[index] ?? 0));
    logs.set(
      name,
      own.flatMap((index) => lines[index] ?? []),
    );
    durations.set(name, Math.round(at(own.at(-1)) - at(own[0])));
  }
  if (result.status === 0) return { ok: true, logs, durations, metadata: await readMetadata(metadataFile, names) };

  const fileNames = new Map(targets.map(({ name, dockerfile }) => [ids.get(name) ?? name, basename(dockerfile)]));
  const failed = failedInstruction(lines, fileNames);
  const { general = false, hint, message } = explainFailure(relevant(lines).join('\n'), result.status);
  const name: string | undefined =
    failed === undefined ? (targets.length === 1 ? targets[0]?.name : undefined) : names.get(failed.id);
  if (name !== undefined) logs.set(name, [...(logs.get(name) ?? []), ...failureReport(lines)]);
  return {
    ok: false,
    logs,
    durations,
    metadata: {},
    failure: {
      general,
      message: hint === undefined && result.status !== 130 ? failureMessage(lines) : message,
      ...(hint === undefined ? {} : { hint }),
      ...(name === undefined ? {} : { name }),
      ...(failed === undefined ? {} : { line: failed.line }),
    },
  };
}

/** What a step's own output says is about the step; only a full disk shows nowhere else. */
function relevant(lines: readonly string[]): string[] {
  return lines.filter((line) => /\bERROR: /.test(line) || /no space left on device|exec format error/i.test(line));
}

async function readMetadata(file: string, names: ReadonlyMap<string, string>): Promise<Record<string, unknown>> {
  try {
    const metadata: Record<string, unknown> = JSON.parse(await readFile(file, 'utf8'));
    return Object.fromEntries(Object.entries(metadata).map(([id, value]) => [names.get(id) ?? id, value]));
  } catch {
    return {};
  }
}
