/**
 * The schema of container-structure-test's files, version 2.0.0:
 * https://github.com/GoogleContainerTools/container-structure-test#setup
 */
import * as v from 'valibot';
import { integer, map } from '../../documents/index.ts';
import { isGoRegExp } from './go-regexp.ts';

const regex = v.pipe(v.string(), v.check(isGoRegExp, 'is no regular expression; see https://pkg.go.dev/regexp/syntax'));
const name = v.pipe(
  v.string(),
  v.check((text) => text !== '', 'is empty; name the test'),
);
const words = v.pipe(
  v.array(v.string()),
  v.check((command) => command.length > 0, 'is an empty command; remove it'),
);
const key = v.pipe(
  v.string(),
  v.check((text) => text !== '', 'is empty; name the variable'),
);
const variable = map({ key, value: v.string(), isRegex: v.optional(v.boolean()) });
const texts = v.optional(v.array(v.string()));
const port = v.union([v.string(), v.pipe(integer, v.transform(String))]);

const commandTest = map({
  name,
  setup: v.optional(v.array(words)),
  teardown: v.optional(v.array(words)),
  envVars: v.optional(v.array(variable)),
  command: v.pipe(
    v.string(),
    v.check((text) => text !== '', 'is empty; write what is run'),
  ),
  args: texts,
  expectedOutput: v.optional(v.array(regex)),
  excludedOutput: v.optional(v.array(regex)),
  expectedError: v.optional(v.array(regex)),
  excludedError: v.optional(v.array(regex)),
  exitCode: v.optional(integer),
});

const fileExistenceTest = map({
  name,
  path: v.string(),
  shouldExist: v.optional(v.boolean()),
  permissions: v.optional(v.string()),
  uid: v.optional(integer),
  gid: v.optional(integer),
  isExecutableBy: v.optional(v.picklist(['owner', 'group', 'other', 'any'])),
});

const fileContentTest = map({
  name,
  path: v.string(),
  expectedContents: v.optional(v.array(regex)),
  excludedContents: v.optional(v.array(regex)),
});

const metadataTest = map({
  envVars: v.optional(v.array(variable)),
  // As it was called before.
  env: v.optional(v.array(variable)),
  unboundEnvVars: v.optional(v.array(map({ key, value: v.optional(v.string()) }))),
  labels: v.optional(v.array(variable)),
  exposedPorts: v.optional(v.array(port)),
  unexposedPorts: v.optional(v.array(port)),
  entrypoint: v.optional(v.nullable(v.array(v.string()))),
  cmd: v.optional(v.nullable(v.array(v.string()))),
  volumes: texts,
  unmountedVolumes: texts,
  workdir: v.optional(v.string()),
  user: v.optional(v.string()),
});

const licenseTest = map({ debian: v.optional(v.boolean()), files: texts });

const containerRunOptions = map({
  user: v.optional(v.string()),
  privileged: v.optional(v.boolean()),
  allocateTty: v.optional(v.boolean()),
  envFile: v.optional(v.string()),
  envVars: texts,
  capabilities: texts,
  bindMounts: texts,
});

export const structureTestsSchema = map({
  schemaVersion: v.literal('2.0.0'),
  globalEnvVars: v.optional(v.array(variable)),
  commandTests: v.optional(v.array(commandTest)),
  fileExistenceTests: v.optional(v.array(fileExistenceTest)),
  fileContentTests: v.optional(v.array(fileContentTest)),
  metadataTest: v.optional(metadataTest),
  licenseTests: v.optional(v.array(licenseTest)),
  containerRunOptions: v.optional(containerRunOptions),
});

export type StructureTests = v.InferOutput<typeof structureTestsSchema>;
