/**
 * The schema of container-structure-test's files, version 2.0.0:
 * https://github.com/GoogleContainerTools/container-structure-test#setup
 */
import * as z from 'zod/mini';
import { isGoRegExp } from './go-regexp.ts';

const regex = z.string().check(z.refine(isGoRegExp, 'is no regular expression; see https://pkg.go.dev/regexp/syntax'));
const name = z.string().check(z.refine((text) => text !== '', 'is empty; name the test'));
const words = z.array(z.string()).check(z.refine((command) => command.length > 0, 'is an empty command; remove it'));
const key = z.string().check(z.refine((text) => text !== '', 'is empty; name the variable'));
const variable = z.strictObject({ key, value: z.string(), isRegex: z.optional(z.boolean()) });
const texts = z.optional(z.array(z.string()));
const port = z.union([z.string(), z.pipe(z.int(), z.transform(String))]);

const commandTest = z.strictObject({
  name,
  setup: z.optional(z.array(words)),
  teardown: z.optional(z.array(words)),
  envVars: z.optional(z.array(variable)),
  command: z.string().check(z.refine((text) => text !== '', 'is empty; write what is run')),
  args: texts,
  expectedOutput: z.optional(z.array(regex)),
  excludedOutput: z.optional(z.array(regex)),
  expectedError: z.optional(z.array(regex)),
  excludedError: z.optional(z.array(regex)),
  exitCode: z.optional(z.int()),
});

const fileExistenceTest = z.strictObject({
  name,
  path: z.string(),
  shouldExist: z.optional(z.boolean()),
  permissions: z.optional(z.string()),
  uid: z.optional(z.int()),
  gid: z.optional(z.int()),
  isExecutableBy: z.optional(z.enum(['owner', 'group', 'other', 'any'])),
});

const fileContentTest = z.strictObject({
  name,
  path: z.string(),
  expectedContents: z.optional(z.array(regex)),
  excludedContents: z.optional(z.array(regex)),
});

const metadataTest = z.strictObject({
  envVars: z.optional(z.array(variable)),
  // As it was called before.
  env: z.optional(z.array(variable)),
  unboundEnvVars: z.optional(z.array(z.strictObject({ key, value: z.optional(z.string()) }))),
  labels: z.optional(z.array(variable)),
  exposedPorts: z.optional(z.array(port)),
  unexposedPorts: z.optional(z.array(port)),
  entrypoint: z.optional(z.nullable(z.array(z.string()))),
  cmd: z.optional(z.nullable(z.array(z.string()))),
  volumes: texts,
  unmountedVolumes: texts,
  workdir: z.optional(z.string()),
  user: z.optional(z.string()),
});

const licenseTest = z.strictObject({ debian: z.optional(z.boolean()), files: texts });

const containerRunOptions = z.strictObject({
  user: z.optional(z.string()),
  privileged: z.optional(z.boolean()),
  allocateTty: z.optional(z.boolean()),
  envFile: z.optional(z.string()),
  envVars: texts,
  capabilities: texts,
  bindMounts: texts,
});

export const structureTestsSchema = z.strictObject({
  schemaVersion: z.literal('2.0.0'),
  globalEnvVars: z.optional(z.array(variable)),
  commandTests: z.optional(z.array(commandTest)),
  fileExistenceTests: z.optional(z.array(fileExistenceTest)),
  fileContentTests: z.optional(z.array(fileContentTest)),
  metadataTest: z.optional(metadataTest),
  licenseTests: z.optional(z.array(licenseTest)),
  containerRunOptions: z.optional(containerRunOptions),
});

export type StructureTests = z.output<typeof structureTestsSchema>;
