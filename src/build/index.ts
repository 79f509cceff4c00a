/** Building the images of a run: what is built on what, in which order, and what a failure takes with it. */
export { type BuildOptions, type BuildResult, buildImages } from './build.ts';
export { agreeWithRender, cacheEntries } from './inputs.ts';
export { imageLabels } from './labels.ts';
export { type ShownLog, shownLogs } from './logs.ts';
export { type BuildPlan, planBuild } from './plan.ts';
export { parseSecrets, type SecretFiles, writeSecrets } from './secrets.ts';
