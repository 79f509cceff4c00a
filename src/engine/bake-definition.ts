/**
 * The images of a run as one definition for `docker buildx bake`: pure.
 * https://docs.docker.com/build/bake/reference/
 */

/** Where a reference in a Dockerfile leads: an image, pinned by its digest, or another target of the same build. */
export type BuildContext =
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'target'; readonly name: string };

export interface BuildTarget {
  /** Name of the image. */
  readonly name: string;
  /** Absolute paths. */
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly platforms: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Reference under which the engine is to keep the image. */
  readonly tag: string;
  /** By reference, as the Dockerfile writes it. */
  readonly contexts: Readonly<Record<string, BuildContext>>;
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
}

export interface BuildSettings {
  /** Files that hold secrets, by the id that `RUN --mount=type=secret,id=…` names. */
  readonly secrets: Readonly<Record<string, string>>;
  /** `false`, `true`, or buildx's attributes, e.g. `mode=max`; buildx's own choice when absent. */
  readonly provenance?: string;
  readonly sbom?: string;
  readonly noCache: boolean;
  /** Seconds since 1970, for every time in the image. */
  readonly epoch: number;
  /** A builder other than the current one. */
  readonly builder?: string;
}

/** What `docker buildx bake --file` reads, as a value to be written as JSON. */
export interface BakeDefinition {
  readonly target: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The ids of all targets, by name: bake takes letters, digits, `_` and `-` only. */
export function targetIds(names: readonly string[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    const plain = name.replaceAll(/[^a-zA-Z0-9_-]/g, '-');
    let id = plain;
    for (let count = 2; taken.has(id); count++) id = `${plain}-${count}`;
    taken.add(id);
    ids.set(name, id);
  }
  return ids;
}

/**
 * The spelling under which BuildKit looks for a build context that stands for an image: Docker's short form, without
 * `:latest`. `docker.io/library/debian:latest` is found as `debian` only.
 */
export function contextName(written: string): string {
  const short = written
    .replace(/^index\.docker\.io\//, 'docker.io/')
    .replace(/^docker\.io\//, '')
    .replace(/^library\/(?=[^/]+$)/, '');
  return short.replace(/:latest$/, '');
}

/** @param ids of `targetIds`, for all targets of the run */
export function bakeDefinition(
  targets: readonly BuildTarget[],
  ids: ReadonlyMap<string, string>,
  settings: BuildSettings,
): BakeDefinition {
  const entries = targets.map((target) => [idOf(ids, target.name), bakeTarget(target, ids, settings)] as const);
  return { target: Object.fromEntries(entries) };
}

function bakeTarget(target: BuildTarget, ids: ReadonlyMap<string, string>, settings: BuildSettings) {
  const contexts = Object.entries(target.contexts).map(([written, context]): [string, string] => [
    contextName(written),
    context.kind === 'image' ? `docker-image://${context.reference}` : `target:${idOf(ids, context.name)}`,
  ]);
  const secrets = Object.entries(settings.secrets).map(([id, file]) => csv([`id=${id}`, `src=${file}`]));
  const attestations = [...attestation('provenance', settings.provenance), ...attestation('sbom', settings.sbom)];
  const value: Record<string, unknown> = {
    context: target.context,
    dockerfile: target.dockerfile,
    contexts: Object.fromEntries(contexts),
    args: target.buildArgs,
    labels: target.labels,
    tags: [target.tag],
    platforms: target.platforms,
    output: ['type=docker'],
    pull: false,
    'no-cache': settings.noCache,
  };
  if (target.target !== undefined) value.target = target.target;
  if (secrets.length > 0) value.secret = secrets;
  if (attestations.length > 0) value.attest = attestations;
  if (target.cacheFrom.length > 0) value['cache-from'] = target.cacheFrom;
  if (target.cacheTo.length > 0) value['cache-to'] = target.cacheTo;
  return literal(value) as Readonly<Record<string, unknown>>;
}

function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  return ids.get(name) ?? name;
}

/** As docker/build-push-action reads its inputs `provenance` and `sbom`. */
function attestation(type: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  if (value === 'false') return [`type=${type},disabled=true`];
  return [value === 'true' ? `type=${type}` : `type=${type},${value}`];
}

/** One line of buildx's comma separated attributes. */
function csv(fields: readonly string[]): string {
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

/** bake reads JSON as HCL, where `${…}` and `%{…}` in a text would be evaluated: here every text is meant as it is. */
function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/([$%])(?=\{)/g, (mark) => mark + mark);
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, literal(part)]));
  return value;
}

/**
 * The command line of one bake of the targets `ids`.
 * @param buildx its version: since 0.19 it asks before it reads anything outside of the current folder, and the
 *   definition, which is our own, names nothing else
 */
export function bakeArguments(
  file: string,
  ids: readonly string[],
  metadata: string,
  buildx?: string,
  builder?: string,
): string[] {
  return [
    'buildx',
    'bake',
    ...(builder === undefined ? [] : ['--builder', builder]),
    ...(isAtLeast(buildx, 0, 19) ? ['--allow', 'fs=*'] : []),
    '--file',
    file,
    '--progress',
    'plain',
    '--metadata-file',
    metadata,
    ...ids,
  ];
}

function isAtLeast(version: string | undefined, major: number, minor: number): boolean {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return Number(first) > major || (Number(first) === major && Number(second) >= minor);
}
