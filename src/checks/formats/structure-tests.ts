/**
 * container-structure-test's files as checks. What each test means is what that tool does with the Docker driver:
 * https://github.com/GoogleContainerTools/container-structure-test
 */
import { randomBytes } from 'node:crypto';
import {
  commitContainer,
  type EngineImageConfig,
  handedOn,
  inspectConfig,
  type OnceResult,
  type OnceSettings,
  removeContainer,
  removeImage,
  runOnce,
} from '../../engine/index.ts';
import type { Processes } from '../../processes.ts';
import type { Check, ListedCheck, Subject } from '../check.ts';
import { readContainerFile, readContainerText } from '../container-files.ts';
import { executeBits } from '../kinds/file.ts';
import type { Reading } from '../kinds/kind.ts';
import { environmentOf, imageCheck } from '../kinds/metadata.ts';
import { listFolder } from '../probes.ts';
import { shown } from '../text-rule.ts';
import { goMode } from './go-mode.ts';
import { goRegExp } from './go-regexp.ts';
import type { StructureTests } from './structure-tests-schema.ts';

type CommandTest = NonNullable<StructureTests['commandTests']>[number];
type FileExistenceTest = NonNullable<StructureTests['fileExistenceTests']>[number];
type FileContentTest = NonNullable<StructureTests['fileContentTests']>[number];
type MetadataTest = NonNullable<StructureTests['metadataTest']>;
type LicenseTest = NonNullable<StructureTests['licenseTests']>[number];
type Variables = NonNullable<StructureTests['globalEnvVars']>;

/** The tool has no time limits; one that waits for ever would keep the job. */
const timeoutMs = { command: 120_000, other: 30_000 };

/** What is at hand while a file is read. */
type FileReading = Pick<Reading, 'place' | 'findFile'>;

type Environment = Readonly<Record<string, string | undefined>>;

/** @param env variables that the file may hand on to its commands */
export function structureTests(written: StructureTests, reading: FileReading, env: Environment): ListedCheck[] {
  const options = runOptions(written, reading, env);
  const globals = written.globalEnvVars ?? [];
  const listed = (
    title: string,
    path: readonly (string | number)[],
    check: Omit<Check, 'title' | 'ports'>,
  ): ListedCheck => ({
    title,
    check: { title, ports: [], ...check },
    place: reading.place(path),
    timeoutMs: path[0] === 'commandTests' ? timeoutMs.command : timeoutMs.other,
    retries: 0,
  });
  return [
    ...(written.commandTests ?? []).map((test, index) =>
      listed(test.name, ['commandTests', index], {
        looksAt: 'image',
        run: (subject) => runCommandTest(test, globals, options, subject),
      }),
    ),
    ...(written.fileExistenceTests ?? []).map((test, index) =>
      listed(test.name, ['fileExistenceTests', index], {
        looksAt: 'image',
        run: (subject) => runExistenceTest(test, subject),
      }),
    ),
    ...(written.fileContentTests ?? []).map((test, index) =>
      listed(test.name, ['fileContentTests', index], {
        looksAt: 'image',
        run: (subject) => runContentTest(test, subject),
      }),
    ),
    ...(written.licenseTests ?? []).map((test, index) =>
      listed('licenses', ['licenseTests', index], {
        looksAt: 'image',
        run: (subject) => runLicenseTest(test, subject),
      }),
    ),
    ...(written.metadataTest === undefined
      ? []
      : [
          {
            ...listed('metadata', ['metadataTest'], { looksAt: 'image', run: async () => [] }),
            check: imageCheck('metadata', (image) => metadataTestBreaches(written.metadataTest ?? {}, image)),
          },
        ]),
  ];
}

type RunOptions = Omit<OnceSettings, 'image' | 'name' | 'labels' | 'command'>;

function runOptions({ containerRunOptions = {} }: StructureTests, reading: FileReading, env: Environment): RunOptions {
  const { user, privileged, allocateTty, envFile, envVars = [], capabilities, bindMounts } = containerRunOptions;
  const handed = handedOn(env);
  const passed = envVars.flatMap((name) => {
    const value = handed.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    env: Object.fromEntries(passed),
    ...(user === undefined ? {} : { user }),
    ...(privileged === undefined ? {} : { privileged }),
    ...(allocateTty === undefined ? {} : { tty: allocateTty }),
    ...(envFile === undefined ? {} : { envFile: reading.findFile(envFile, ['containerRunOptions', 'envFile']) }),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(bindMounts === undefined
      ? {}
      : {
          volumes: bindMounts.map((mount, index) => {
            const [source = '', ...rest] = mount.split(':');
            return [reading.findFile(source, ['containerRunOptions', 'bindMounts', index]), ...rest].join(':');
          }),
        }),
  };
}

/** `$NAME` and `${NAME}`, as Go's os.Expand replaces them; what is not there is nothing. Pure. */
export function expand(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return Object.hasOwn(values, name) ? (values[name] ?? '') : '';
  });
}

async function runCommandTest(
  test: CommandTest,
  globals: Variables,
  options: RunOptions,
  subject: Subject,
): Promise<readonly string[]> {
  const { engine, image } = subject;
  const own = environmentOf(await inspectConfig(engine, image.id));
  const variables = [...globals, ...(test.envVars ?? [])].map(({ key, value }) => [key, expand(value, own)] as const);
  const name = `image-cascade-command-${randomBytes(8).toString('hex')}`;
  const [containers, images]: [string[], string[]] = [[], []];
  const remove = async (processes: Processes): Promise<void> => {
    const outliving = { ...engine, processes };
    for (const container of containers.splice(0)) await removeContainer(outliving, container);
    for (const made of images.splice(0).reverse()) await removeImage(outliving, made);
  };
  subject.cleanup(remove);
  let current = image.id;
  const run = async (command: readonly string[], limitMs: number): Promise<OnceResult> => {
    const container = `${name}-${containers.length}`;
    containers.push(container);
    const settings = {
      ...options,
      image: current,
      name: container,
      labels: { 'io.image-cascade.run': subject.container.id },
      command,
      env: { ...options.env, ...Object.fromEntries(variables) },
    };
    return await runOnce(engine, settings, limitMs);
  };
  try {
    for (const command of test.setup ?? []) {
      const { notStarted } = await run(command, subject.timeoutMs);
      if (notStarted !== undefined) return [`the set-up \`${command.join(' ')}\` could not be started: ${notStarted}`];
      current = await commitContainer(engine, containers.at(-1) ?? '');
      images.push(current);
    }
    // The tool puts in what the image and the global variables say, before any shell sees it.
    const known = { ...own, ...Object.fromEntries(globals.map(({ key, value }) => [key, expand(value, own)])) };
    const words = [test.command, ...(test.args ?? [])].map((word) => expand(word, known));
    const result = await run(words, subject.timeoutMs);
    if (result.notStarted !== undefined) return [`it could not be started: ${result.notStarted}`];
    if (result.status === 124) return [`it did not end within ${subject.timeoutMs / 1000} s`];
    const wrong = commandBreaches(test, result);
    if (wrong.length === 0 || result.stdout + result.stderr !== '') return wrong;
    // On a busy machine an engine may lose all that a command wrote which ended at once ("reading from a closed fifo"
    // in dockerd's log), so silence counts only when it comes twice. The second run begins where the first one did.
    return commandBreaches(test, await run(words, subject.timeoutMs));
  } finally {
    if (!subject.signal.aborted) await remove(engine.processes);
  }
}

/** Pure. */
export function commandBreaches(test: CommandTest, { status, stdout, stderr }: OnceResult): string[] {
  const { exitCode = 0 } = test;
  return [
    ...textBreaches(stderr, 'standard error', test.expectedError, test.excludedError),
    ...textBreaches(stdout, 'standard output', test.expectedOutput, test.excludedOutput),
    ...(status === exitCode
      ? []
      : [`it ended with ${status}, expected ${exitCode}; standard error is ${shown(stderr || stdout)}`]),
  ];
}

function textBreaches(
  text: string,
  what: string,
  expected: readonly string[] = [],
  excluded: readonly string[] = [],
): string[] {
  const wrong = [
    ...expected
      .filter((pattern) => !goRegExp(pattern).test(text))
      .map((pattern) => `${what} does not match /${pattern}/`),
    ...excluded.filter((pattern) => goRegExp(pattern).test(text)).map((pattern) => `${what} matches /${pattern}/`),
  ];
  return wrong.length === 0 ? [] : [...wrong, `${what} is ${shown(text)}`];
}

async function runExistenceTest(test: FileExistenceTest, subject: Subject): Promise<string[]> {
  const path = await expandPath(test.path, subject);
  const found = await readContainerFile(subject, path);
  if (typeof found === 'string') return [found];
  const { shouldExist = true, permissions, uid, gid, isExecutableBy } = test;
  if (found === undefined) return shouldExist ? [`${path} does not exist`] : [];
  if (!shouldExist) return [`${path} exists`];
  const { header } = found;
  const { mode = 0 } = header;
  const shownMode = goMode(header);
  return [
    ...(permissions === undefined || permissions === '' || permissions === shownMode
      ? []
      : [`its permissions are ${shownMode}, expected ${permissions}`]),
    ...(isExecutableBy === undefined || (mode & executeBits[isExecutableBy]) !== 0
      ? []
      : [`its permissions are ${shownMode}: it is not executable by ${isExecutableBy}`]),
    ...(uid === undefined || uid === -1 || uid === header.uid ? [] : [`its user is ${header.uid}, expected ${uid}`]),
    ...(gid === undefined || gid === -1 || gid === header.gid ? [] : [`its group is ${header.gid}, expected ${gid}`]),
  ];
}

async function runContentTest(test: FileContentTest, subject: Subject): Promise<string[]> {
  const path = await expandPath(test.path, subject);
  const text = await readContainerText(subject, path);
  if (text === undefined) return [`${path} does not exist`];
  return textBreaches(text, 'its content', test.expectedContents, test.excludedContents);
}

async function expandPath(path: string, { engine, image }: Subject): Promise<string> {
  return path.includes('$') ? expand(path, environmentOf(await inspectConfig(engine, image.id))) : path;
}

/** Licenses that the tool refuses. */
const refusedLicenses = ['AGPL', 'WTFPL'];
const documents = '/usr/share/doc';

async function runLicenseTest({ debian = false, files = [] }: LicenseTest, subject: Subject): Promise<string[]> {
  const folders = debian ? await listFolder(subject, documents) : [];
  const wanted = [...folders.map((folder) => `${documents}/${folder}/copyright`), ...files];
  const wrong: string[] = [];
  for (const file of wanted) {
    const text = (await readContainerText(subject, file))?.toUpperCase();
    if (text === undefined) wrong.push(`${file} does not exist`);
    else
      wrong.push(
        ...refusedLicenses
          .filter((license) => text.includes(license))
          .slice(0, 1)
          .map((license) => `${file} contains ${license}`),
      );
  }
  return wrong;
}

/** Pure. */
export function metadataTestBreaches(test: MetadataTest, image: EngineImageConfig): string[] {
  const { config } = image;
  const variables = environmentOf(image);
  const labels = config.Labels ?? {};
  const same = (what: string, found: unknown, wanted: readonly string[] | null | undefined): string[] => {
    if (wanted === undefined || wanted === null) return [];
    const list = Array.isArray(found) ? found : [];
    return JSON.stringify(list) === JSON.stringify(wanted)
      ? []
      : [`its ${what} is ${JSON.stringify(list)}, expected ${JSON.stringify(wanted)}`];
  };
  const values = (what: string, found: Readonly<Record<string, string>>, wanted: Variables = []): string[] =>
    wanted.flatMap(({ key, value, isRegex = false }) => {
      const own = Object.hasOwn(found, key) ? found[key] : undefined;
      if (own === undefined) return [`the ${what} ${key} is not there`];
      const fits = isRegex ? goRegExp(value).test(own) : own === value;
      return fits ? [] : [`the ${what} ${key} is '${own}', expected ${isRegex ? `/${value}/` : `'${value}'`}`];
    });
  // The tool knows ports by their number alone.
  const ports = Object.keys(
    typeof config.ExposedPorts === 'object' && config.ExposedPorts !== null ? config.ExposedPorts : {},
  ).map((port) => port.split('/')[0] ?? '');
  const volumes = Object.keys(typeof config.Volumes === 'object' && config.Volumes !== null ? config.Volumes : {});
  const there = (
    what: string,
    found: readonly string[],
    all: readonly string[] = [],
    none: readonly string[] = [],
  ): string[] => [
    ...all.filter((one) => !found.includes(one)).map((one) => `the ${what} ${one} is not there`),
    ...none.filter((one) => found.includes(one)).map((one) => `the ${what} ${one} is there`),
  ];
  const { workdir = '', user = '' } = test;
  return [
    ...values('variable', variables, [...(test.envVars ?? []), ...(test.env ?? [])]),
    ...(test.unboundEnvVars ?? [])
      .filter(({ key }) => Object.hasOwn(variables, key))
      .map(({ key }) => `the variable ${key} is there, with '${variables[key]}'`),
    ...values('label', labels, test.labels),
    ...same('command', config.Cmd, test.cmd),
    ...same('entrypoint', config.Entrypoint, test.entrypoint),
    ...(workdir === '' || workdir === (config.WorkingDir ?? '')
      ? []
      : [`its working directory is '${String(config.WorkingDir ?? '')}', expected '${workdir}'`]),
    ...(user === '' || user === (config.User ?? '')
      ? []
      : [`its user is '${String(config.User ?? '')}', expected '${user}'`]),
    ...there('exposed port', ports, test.exposedPorts, test.unexposedPorts),
    ...there('volume', volumes, test.volumes, test.unmountedVolumes),
  ];
}
