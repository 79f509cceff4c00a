/**
 * goss's files as checks: what `dgoss` does with goss 0.4.9, without goss in the container.
 * https://github.com/goss-org/goss
 */
import { readdirSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { closest, documentPlace, readDocument } from '../../../documents/index.ts';
import { fail, type Place, type Problem, ProblemsError } from '../../../problems.ts';
import type { Check, ListedCheck, Subject } from '../../check.ts';
import type { TestFolder } from '../../test-folder.ts';
import { factsOf, shownValue } from './facts.ts';
import { type Resource, readResource, resourceTypes } from './resource.ts';
import { placeOf, renderTemplate } from './template.ts';
import { fromNode, type GoValue, isGoMap } from './values.ts';

export interface GossTests {
  readonly checks: readonly ListedCheck[];
  /** What `goss_wait.yaml` beside it waits for; absent where there is none. */
  readonly wait?: readonly Check[];
}

/** A file of goss that was named, and what its templates see. */
export interface GossFile {
  /** Relative to the test file. */
  readonly name: string;
  readonly place: Place;
  /** Where it has been read already. */
  readonly text?: string;
  /** File with `.Vars`, named likewise; default: `goss_vars.yaml` beside it, where there is one. */
  readonly vars?: { readonly name: string; readonly place: Place };
  /** `.Env`. */
  readonly env: ReadonlyMap<string, string>;
}

type Data = ReadonlyMap<string, GoValue>;

/** @throws ProblemsError with everything that is wrong in the files, each at its place */
export async function loadGoss(file: GossFile, folder: TestFolder): Promise<GossTests> {
  const beside = (name: string): string => posix.join(posix.dirname(file.name), name);
  const usualVars = beside('goss_vars.yaml');
  const vars = file.vars ?? (folder.has(usualVars) ? { name: usualVars, place: file.place } : undefined);
  const data: Data = new Map<string, GoValue>([
    ['Vars', vars === undefined ? new Map() : readVars(vars.name, vars.place, folder)],
    ['Env', file.env],
  ]);
  const checks = [...(await readFile(file, folder, data)).values()].map(listed);
  const waitFile = beside('goss_wait.yaml');
  if (waitFile === file.name || !folder.has(waitFile)) return { checks };
  const wait = [...(await readFile({ name: waitFile, place: file.place }, folder, data)).values()];
  return { checks, wait: wait.filter(({ resource }) => !resource.skip).map(({ resource }) => checkOf(resource)) };
}

function readVars(name: string, place: Place, folder: TestFolder): GoValue {
  const { parsed, file } = readDocument(folder.read(name, place), folder.pathOf(name));
  const value = fromNode(parsed.contents, parsed, name.endsWith('.json'));
  return isGoMap(value) ? value : fail('this file of variables is no map', { place: { file, line: 1, column: 1 } });
}

interface Placed {
  readonly resource: Resource;
  readonly place: Place;
}

/** By type and id: what an included file says of a resource is what counts. */
type Resources = ReadonlyMap<string, Placed>;

type Named = Pick<GossFile, 'name' | 'place' | 'text'>;

async function readFile(file: Named, folder: TestFolder, data: Data): Promise<Resources> {
  const problems: Problem[] = [];
  const found = await readTree(file, folder, data, problems, 1);
  if (problems.length > 0) throw new ProblemsError(problems);
  if (found.size > 0) return found;
  return fail('there is no resource in this file', { place: { file: folder.pathOf(file.name), line: 1, column: 1 } });
}

/** goss's own limit. */
const deepest = 50;

async function readTree(
  { name, place: from, text }: Named,
  folder: TestFolder,
  data: Data,
  problems: Problem[],
  depth: number,
): Promise<Resources> {
  if (depth >= deepest) fail(`there are ${deepest} files inside of each other; one includes itself`, { place: from });
  const found = new Map<string, Placed>();
  try {
    const source = readSource(text ?? folder.read(name, from), folder.pathOf(name), name.endsWith('.json'), data);
    const wrong = (path: readonly (string | number)[], message: string, at: 'value' | 'key' = 'value'): void => {
      problems.push(problemAt(source, path, message, at));
    };
    for (const [type, resources] of source.sections) {
      if (type === 'gossfile' || resources === null) continue;
      if (!isGoMap(resources)) wrong([type], 'is no map; write the resources under their names');
      else if (Object.hasOwn(resourceTypes, type))
        for (const [id, written] of resources) {
          const resource = readResource(type, id, written, wrong);
          // goss says nothing of what is not asked.
          if (resource.expected.size > 0 || resource.skip)
            found.set(`${type} ${id}`, { resource, place: source.place([type, id], 'key') });
        }
      else {
        // Other keys hold what anchors refer to; a typing error must not pass for one.
        const meant = closest(type, [...Object.keys(resourceTypes), 'gossfile']);
        if (meant !== undefined) wrong([type], `is no type of resource; did you mean '${meant}'?`, 'key');
      }
    }
    for (const [pattern, place] of includes(source, wrong))
      for (const included of await namesOf(posix.dirname(name), pattern, place, folder))
        for (const entry of await readTree({ name: included, place }, folder, data, problems, depth + 1))
          found.set(...entry);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    problems.push(...error.problems);
  }
  return found;
}

interface Source {
  readonly sections: ReadonlyMap<string, GoValue>;
  place(path: readonly (string | number)[], at?: 'value' | 'key'): Place;
}

function problemAt(source: Source, path: readonly (string | number)[], message: string, at: 'value' | 'key'): Problem {
  const [what = message, ...hint] = message.split('; ');
  return {
    message: `'${path.join('.')}' ${what}`,
    ...(hint.length === 0 ? {} : { hint: hint.join('; ') }),
    place: source.place(path, at),
  };
}

/** Places are those of the template, where there is one. */
function readSource(text: string, file: string, json: boolean, data: Data): Source {
  const env = data.get('Env');
  const envOf = (name: string): string | undefined => {
    const value = env !== undefined && isGoMap(env) ? env.get(name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const rendered = text.includes('{{') ? renderTemplate(text, file, data, envOf) : undefined;
  const back = (place: Place): Place => {
    if (rendered === undefined) return place;
    const before = rendered.text.split('\n').slice(0, (place.line ?? 1) - 1);
    const offset = before.reduce((sum, line) => sum + line.length + 1, 0) + (place.column ?? 1) - 1;
    return placeOf(text, file, rendered.origin(offset));
  };
  const moved = (problems: readonly Problem[]): ProblemsError =>
    new ProblemsError(
      problems.map((problem) => (problem.place === undefined ? problem : { ...problem, place: back(problem.place) })),
    );
  try {
    const document = readDocument(rendered?.text ?? text, file);
    if (document.duplicates.length > 0) throw new ProblemsError(document.duplicates);
    const value = fromNode(document.parsed.contents, document.parsed, json);
    if (value !== null && !isGoMap(value))
      return fail('this gossfile is no map', { place: { file, line: 1, column: 1 } });
    return { sections: value ?? new Map(), place: (path, at) => back(documentPlace(document, path, at)) };
  } catch (error) {
    throw error instanceof ProblemsError ? moved(error.problems) : error;
  }
}

/** The other files that a file names, in the order of their names. */
function includes(
  { sections, place }: Source,
  wrong: (path: readonly string[], message: string, at?: 'key') => void,
): (readonly [pattern: string, place: Place])[] {
  const written = sections.get('gossfile') ?? null;
  if (written === null) return [];
  if (!isGoMap(written)) {
    wrong(['gossfile'], 'is no map; write the names of files as keys');
    return [];
  }
  return [...written]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, settings]) => {
      const path = ['gossfile', key];
      if (!isGoMap(settings)) {
        wrong(path, 'is no map; write {} behind it');
        return [];
      }
      for (const name of settings.keys())
        if (!['file', 'skip', 'title', 'meta'].includes(name))
          wrong([...path, name], 'is not known; known are file, skip, title, meta', 'key');
      const file = settings.get('file');
      return settings.get('skip') === true
        ? []
        : [[typeof file === 'string' ? file : key, place(path, 'key')] as const];
    });
}

/** The files of a pattern as Go's `filepath.Glob` has it, relative to the folder of the file that names it. */
async function namesOf(base: string, pattern: string, place: Place, folder: TestFolder): Promise<string[]> {
  if (!/[*?[]/.test(pattern)) return [posix.isAbsolute(pattern) ? pattern : posix.join(base, pattern)];
  const { default: picomatch } = await import('picomatch');
  let found = [posix.isAbsolute(pattern) ? '/' : base];
  for (const part of pattern.split('/').filter((name) => name !== '')) {
    if (!/[*?[]/.test(part)) {
      found = found.map((name) => posix.join(name, part)).filter((name) => part === '..' || folder.has(name));
      continue;
    }
    const fits = picomatch(part, { dot: true, nobrace: true, noextglob: true, nonegate: true });
    found = found.flatMap((name) =>
      entriesOf(folder.find(name, place))
        .filter((entry) => fits(entry))
        .sort()
        .map((entry) => posix.join(name, entry)),
    );
  }
  return found.length > 0 ? found : fail(`no file fits '${pattern}'`, { place });
}

function entriesOf(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path) : [];
}

/** Of a check that starts nothing of its own: beside what goss allows, sending somebody into the container takes time. */
const roundMs = 20_000;

function listed({ resource, place }: Placed): ListedCheck {
  const { type, skip, timeoutMs = type === 'command' ? 10_000 : 5_000 } = resource;
  const check = checkOf(resource);
  return {
    title: check.title,
    check,
    place,
    timeoutMs: type === 'command' ? timeoutMs : 3 * timeoutMs + roundMs,
    retries: 0,
    ...(skip ? { skip: 'the gossfile says so' } : {}),
  };
}

function checkOf(resource: Resource): Check {
  const { type, id, name, title } = resource;
  return {
    title: title ?? `${type} ${id}${name === id || type === 'command' ? '' : `: ${name}`}`,
    ports: [],
    looksAt: 'process',
    run: (subject) => runResource(resource, subject),
  };
}

async function runResource(resource: Resource, subject: Subject): Promise<string[]> {
  const facts = factsOf[resource.type]?.(resource, subject) ?? {};
  const wrong: string[] = [];
  for (const [property, matcher] of resource.expected) {
    let value: GoValue = null;
    try {
      value = (await facts[property]?.()) ?? null;
      if (!matcher.matches(value)) wrong.push(`${property} is ${shownValue(value)}, expected ${matcher.words}`);
    } catch (error) {
      wrong.push(`${property}: ${error instanceof Error ? error.message : String(error)}`);
    }
    // What is not there has no other properties to look at.
    const decides = resourceTypes[resource.type]?.firstDecides === true;
    if (decides && (wrong.length > 0 || value === false) && property === [...resource.expected.keys()][0]) break;
  }
  return wrong;
}
