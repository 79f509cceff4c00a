/** `tests.yaml`: read, checked, with every default filled in. */
import type * as v from 'valibot';
import { checkDocument, type Document, documentPlace, readDocument } from '../documents/index.ts';
import type { ContainerMount } from '../engine/index.ts';
import { fail, type Place, type Problem, ProblemsError } from '../problems.ts';
import type { Check, ListedCheck, Start, Up } from './check.ts';
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

const defaults = { checkSeconds: 10, upSeconds: 60 };

/** The environment of the action; structure tests may name variables of it. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a test file: one of the suite's own, or one of container-structure-test's, which its content tells.
 * @param file path in the repository, for messages
 * @throws ProblemsError with everything that is wrong in it, and in the files that it includes
 */
export function loadTestFile(text: string, file: string, folder: TestFolder, env: Environment = {}): TestFile {
  const document = readDocument(text, file);
  if (isStructureTests(document)) {
    const start: Start = { env: {}, command: [], mounts: [] };
    return { start, services: [], checks: readStructureTests(document, folder, env) };
  }
  return readOwn(document, folder, env);
}

function isStructureTests({ value }: Document): boolean {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value;
}

function readStructureTests(document: Document, folder: TestFolder, env: Environment): ListedCheck[] {
  const place = (path: Path): Place => documentPlace(document, path);
  const written = checkDocument(document, structureTestsSchema);
  return structureTests(written, { place, findFile: (name, path) => folder.find(name, place(path)) }, env);
}

/** The checks of a file in another format. */
function readIncluded(name: string, place: Place, folder: TestFolder, env: Environment): readonly ListedCheck[] {
  const included = readDocument(folder.read(name, place), folder.pathOf(name));
  if (isStructureTests(included)) return readStructureTests(included, folder, env);
  return fail(`'${name}' is in no format that is known here`, {
    hint: "include files of container-structure-test, which have 'schemaVersion'",
    place,
  });
}

function readOwn(document: Document, folder: TestFolder, env: Environment): TestFile {
  const written = checkDocument(document, testFileSchema);
  const { services = {}, ...start } = written.start ?? {};
  const place: Reading['place'] = (path) => documentPlace(document, path);
  const problems: Problem[] = [];
  /** What is wrong with one part is no reason to say nothing of the others. */
  const part = <T>(read: () => T): T[] => {
    try {
      return [read()];
    } catch (error) {
      if (!(error instanceof ProblemsError)) throw error;
      problems.push(...error.problems);
      return [];
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

  const file: TestFile = {
    start: own,
    services: Object.entries(services).map(([name, { image, up, ...settings }]) => ({
      name,
      image,
      start: startOf(settings, ['start', 'services', name]),
      ...(up === undefined ? {} : { up: upOf(up) }),
    })),
    ...(up === undefined ? {} : { up }),
    checks: [
      ...checksOf(written.checks ?? [], ['checks']),
      ...(written.include ?? [])
        .flatMap((name, index) => part(() => readIncluded(name, place(['include', index]), folder, env)))
        .flat(),
    ],
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
