/** `tests.yaml`: read, checked, with every default filled in. */
import { posix } from 'node:path';
import type * as v from 'valibot';
import { checkDocument, type Document, documentPlace, readDocument } from '../documents/index.ts';
import { type ContainerMount, handedOn } from '../engine/index.ts';
import { fail, type Place, type Problem, ProblemsError } from '../problems.ts';
import type { Check, ListedCheck, Start, Up } from './check.ts';
import type { GossFile, GossTests } from './formats/goss/index.ts';
import { isGoss } from './formats/goss-name.ts';
import { structureTests } from './formats/structure-tests.ts';
import { structureTestsSchema } from './formats/structure-tests-schema.ts';
import { readCommand } from './kinds/command.ts';
import { readHttp } from './kinds/http.ts';
import { kinds } from './kinds/index.ts';
import type { Kind, Reading } from './kinds/kind.ts';
import { listens } from './kinds/port.ts';
import { argumentsOf, textRule } from './kinds/schemas.ts';
import { type checkSchema, type startSchema, testFileSchema, type upSchema } from './test-file-schema.ts';
import type { TestFolder } from './test-folder.ts';

type Path = readonly (string | number)[];

/** A container that the tested one needs, found by its name on a network of their own. */
export interface Service {
  readonly name: string;
  /** Name of an image of the same job, or a reference. */
  readonly image: string;
  readonly start: Start;
  readonly up?: Up;
}

export interface TestFile {
  readonly start: Start;
  /** Started before the container, in this order. */
  readonly services: readonly Service[];
  /** Absent: the image's health check, or else the ports that checks talk to. */
  readonly up?: Up;
  readonly checks: readonly ListedCheck[];
}

/** `dgoss` waits half as long as is usual here. */
const defaults = { checkSeconds: 10, upSeconds: 60, gossWaitSeconds: 30 };

/** The environment of the action; structure tests may name variables of it. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a test file: one of the suite's own, of container-structure-test's or of goss's, which its content tells.
 * @param file path in the repository, for messages
 * @throws ProblemsError with everything that is wrong in it, and in the files that it includes
 */
export async function loadTestFile(
  text: string,
  file: string,
  folder: TestFolder,
  env: Environment = {},
): Promise<TestFile> {
  const start: Start = { env: {}, command: [], mounts: [] };
  if (isGoss(file, text)) {
    const { checks, wait } = await readGoss(
      { name: posix.basename(file), place: { file, line: 1 }, text },
      start,
      folder,
      env,
    );
    return { start, services: [], checks, ...(wait === undefined ? {} : { up: withWait(undefined, wait) }) };
  }
  const document = readDocument(text, file);
  if (isStructureTests(document)) return { start, services: [], checks: readStructureTests(document, folder, env) };
  return await readOwn(document, folder, env);
}

function isStructureTests({ value }: Document): boolean {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value;
}

function readStructureTests(document: Document, folder: TestFolder, env: Environment): ListedCheck[] {
  const place = (path: Path): Place => documentPlace(document, path);
  const written = checkDocument(document, structureTestsSchema);
  return structureTests(written, { place, findFile: (name, path) => folder.find(name, place(path)) }, env);
}

/** Its templates see the variables of the job and those that the container is started with. */
async function readGoss(
  file: Omit<GossFile, 'env'>,
  start: Start,
  folder: TestFolder,
  env: Environment,
): Promise<GossTests> {
  const { loadGoss } = await import('./formats/goss/index.ts');
  return await loadGoss({ ...file, env: new Map([...handedOn(env), ...Object.entries(start.env)]) }, folder);
}

/** A container is up when all that is waited for is there. */
function withWait(up: Up | undefined, wait: readonly Check[]): Up {
  if (up !== undefined) return { ...up, checks: [...up.checks, ...wait] };
  return { checks: wait, health: false, timeoutMs: defaults.gossWaitSeconds * 1000 };
}

type Include = NonNullable<v.InferOutput<typeof testFileSchema>['include']>[number];

/** The checks of a file in another format. */
async function readIncluded(
  written: Include,
  place: (path: Path) => Place,
  start: Start,
  folder: TestFolder,
  env: Environment,
): Promise<GossTests> {
  if (typeof written !== 'string') {
    const vars = written.vars === undefined ? {} : { vars: { name: written.vars, place: place(['vars']) } };
    return await readGoss({ name: written.goss, place: place(['goss']), ...vars }, start, folder, env);
  }
  const text = folder.read(written, place([]));
  if (isGoss(written, text)) return await readGoss({ name: written, place: place([]) }, start, folder, env);
  const included = readDocument(text, folder.pathOf(written));
  if (isStructureTests(included)) return { checks: readStructureTests(included, folder, env) };
  return fail(`'${written}' is in no format that is known here`, {
    hint: "include files of goss, or of container-structure-test, which have 'schemaVersion'",
    place: place([]),
  });
}

async function readOwn(document: Document, folder: TestFolder, env: Environment): Promise<TestFile> {
  const written = checkDocument(document, testFileSchema);
  const { services = {}, ...start } = written.start ?? {};
  const place: Reading['place'] = (path) => documentPlace(document, path);
  const problems: Problem[] = [];
  /** What is wrong with one part is no reason to say nothing of the others. */
  const told = (error: unknown): [] => {
    if (!(error instanceof ProblemsError)) throw error;
    problems.push(...error.problems);
    return [];
  };
  const part = <T>(read: () => T): T[] => {
    try {
      return [read()];
    } catch (error) {
      return told(error);
    }
  };
  const up = written.up === undefined ? undefined : upOf(written.up);

  const startOf = (changes: v.InferOutput<typeof startSchema>, path: Path): Start => ({
    env: Object.fromEntries(Object.entries(changes.env ?? {}).map(([name, value]) => [name, String(value)])),
    command: changes.command === undefined ? [] : argumentsOf(changes.command),
    ...(changes.entrypoint === undefined ? {} : { entrypoint: changes.entrypoint }),
    ...(changes.user === undefined ? {} : { user: changes.user }),
    mounts: (changes.mounts ?? []).flatMap((mount, index) =>
      part(
        (): ContainerMount =>
          'tmpfs' in mount
            ? { kind: 'tmpfs', target: mount.tmpfs }
            : {
                kind: 'bind',
                source: folder.find(mount.source, place([...path, 'mounts', index, 'source'])),
                target: mount.target,
                readOnly: mount['read-only'] ?? true,
              },
      ),
    ),
  });
  const own = startOf(start, ['start']);
  const readingAt = (base: Path): Reading => ({
    place: (path) => place([...base, ...path]),
    readFile: (name, path) => folder.read(name, place([...base, ...path])),
    readDocument: (name, path) => readDocument(folder.read(name, place([...base, ...path])), folder.pathOf(name)),
    findFile: (name, path) => folder.find(name, place([...base, ...path])),
    readChecks: (list, path) => checksOf(list as WrittenCheck[], [...base, ...path]),
    start: (changes, path) => changed(own, startOf(changes as v.InferOutput<typeof startSchema>, [...base, ...path])),
    up,
    readUp: (other) => upOf(other as v.InferOutput<typeof upSchema>),
  });
  const checksOf = (list: readonly WrittenCheck[], path: Path): ListedCheck[] =>
    list.flatMap((entry, index) =>
      part(() => {
        const kind = kindOf(entry);
        const check = kind.read(entry[kind.name], readingAt([...path, index, kind.name]));
        return {
          title: entry.name ?? check.title,
          check,
          place: place([...path, index]),
          timeoutMs: (entry.timeout ?? defaults.checkSeconds) * 1000,
          retries: entry.retries ?? 0,
        };
      }),
    );

  const checks = checksOf(written.checks ?? [], ['checks']);
  const included: GossTests[] = [];
  for (const [index, name] of (written.include ?? []).entries()) {
    const read = readIncluded(name, (path) => place(['include', index, ...path]), own, folder, env);
    included.push(...(await read.then((tests) => [tests], told)));
  }
  const waits = included.flatMap(({ wait }) => (wait === undefined ? [] : [wait]));
  const whole = waits.length === 0 ? up : withWait(up, waits.flat());
  const file: TestFile = {
    start: own,
    services: Object.entries(services).map(([name, { image, up, ...settings }]) => ({
      name,
      image,
      start: startOf(settings, ['start', 'services', name]),
      ...(up === undefined ? {} : { up: upOf(up) }),
    })),
    ...(whole === undefined ? {} : { up: whole }),
    checks: [...checks, ...included.flatMap(({ checks }) => checks)],
  };
  if (problems.length > 0) throw new ProblemsError(problems);
  return file;
}

/** Variables and mounts are added, the rest is replaced. */
function changed(start: Start, changes: Start): Start {
  const targets = new Set(changes.mounts.map(({ target }) => target));
  return {
    ...start,
    ...changes,
    env: { ...start.env, ...changes.env },
    command: changes.command.length > 0 ? changes.command : start.command,
    mounts: [...start.mounts.filter(({ target }) => !targets.has(target)), ...changes.mounts],
  };
}

type WrittenCheck = v.InferOutput<typeof checkSchema> & Readonly<Record<string, unknown>>;

function kindOf(written: WrittenCheck): Kind {
  const kind = kinds.find(({ name }) => Object.hasOwn(written, name));
  // The schema lets no other entry through.
  if (kind === undefined) throw new RangeError('a check of no kind');
  return kind;
}

function upOf({ port, http, log, command, health, timeout }: v.InferOutput<typeof upSchema>): Up {
  const checks: Check[] = [
    ...(port === undefined ? [] : [listens(port, 'tcp')]),
    ...(http === undefined ? [] : [readHttp(http)]),
    ...(command === undefined ? [] : [readCommand(command)]),
  ];
  return {
    checks,
    ...(log === undefined ? {} : { log: textRule(log) }),
    health: health === true,
    timeoutMs: (timeout ?? defaults.upSeconds) * 1000,
  };
}

/** How long a container has until it is up, where the test file does not say. */
export const defaultUpMs = defaults.upSeconds * 1000;
