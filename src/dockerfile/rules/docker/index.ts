/** Docker's build checks, by its names and with its verdicts: https://docs.docker.com/reference/build-checks/ */
import type { Rule } from '../rule.ts';
import { rule as consistentInstructionCasing } from './consistent-instruction-casing.ts';
import { rule as copyIgnoredFile } from './copy-ignored-file.ts';
import { rule as duplicateStageName } from './duplicate-stage-name.ts';
import { rule as exposeInvalidFormat } from './expose-invalid-format.ts';
import { rule as exposeProtoCasing } from './expose-proto-casing.ts';
import { rule as fromAsCasing } from './from-as-casing.ts';
import { rule as fromPlatformFlagConstDisallowed } from './from-platform-flag-const-disallowed.ts';
import { rule as invalidBaseImagePlatform } from './invalid-base-image-platform.ts';
import { rule as invalidDefaultArgInFrom } from './invalid-default-arg-in-from.ts';
import { rule as invalidDefinitionDescription } from './invalid-definition-description.ts';
import { rule as jsonArgsRecommended } from './json-args-recommended.ts';
import { rule as legacyKeyValueFormat } from './legacy-key-value-format.ts';
import { rule as maintainerDeprecated } from './maintainer-deprecated.ts';
import { rule as multipleInstructionsDisallowed } from './multiple-instructions-disallowed.ts';
import { rule as noEmptyContinuation } from './no-empty-continuation.ts';
import { rule as redundantTargetPlatform } from './redundant-target-platform.ts';
import { rule as reservedStageName } from './reserved-stage-name.ts';
import { rule as secretsUsedInArgOrEnv } from './secrets-used-in-arg-or-env.ts';
import { rule as stageNameCasing } from './stage-name-casing.ts';
import { rule as undefinedArgInFrom } from './undefined-arg-in-from.ts';
import { rule as undefinedVar } from './undefined-var.ts';
import { rule as workdirRelativePath } from './workdir-relative-path.ts';

export const dockerRules: readonly Rule[] = [
  stageNameCasing,
  fromAsCasing,
  noEmptyContinuation,
  consistentInstructionCasing,
  duplicateStageName,
  reservedStageName,
  jsonArgsRecommended,
  maintainerDeprecated,
  undefinedArgInFrom,
  workdirRelativePath,
  undefinedVar,
  multipleInstructionsDisallowed,
  legacyKeyValueFormat,
  invalidBaseImagePlatform,
  redundantTargetPlatform,
  secretsUsedInArgOrEnv,
  invalidDefaultArgInFrom,
  fromPlatformFlagConstDisallowed,
  copyIgnoredFile,
  invalidDefinitionDescription,
  exposeProtoCasing,
  exposeInvalidFormat,
];
