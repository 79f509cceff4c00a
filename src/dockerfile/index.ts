/** Dockerfiles: what they say and build on, and the rules that they are held to before there is an image. */
export { argumentsOf } from './arguments.ts';
export { checkDockerfile, noOptions } from './check.ts';
export { type ContextFiles, createContextFiles, openContext } from './context-files.ts';
export { parseDockerfile } from './parse.ts';
export { type BaseConfig, type Finding, type Rule, type RuleContext, type RuleOptions, rules } from './rules/index.ts';
export { type FailOn, failOnChoices } from './rules-file.ts';
export { type Position, positionAt, type SourceText } from './source.ts';
export { runSpec, type SpecOptions, type SpecProblem, type SpecResult } from './spec.ts';
export { readSpecSettings, type SpecInputs, type SpecSettings } from './spec-options.ts';
export { runSpecs, type SpecRun } from './spec-run.ts';
export type * from './types.ts';
export {
  baseOf,
  finalStages,
  neededStages,
  type UpstreamOptions,
  type UpstreamReference,
  upstreamReferences,
} from './upstreams.ts';
