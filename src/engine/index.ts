/** Docker and Podman: the only place that runs them. What is decided is pure; what acts takes an `Engine`. */
export { type BuildOutcome, bake } from './bake.ts';
export {
  type BuildContext,
  type BuildSettings,
  type BuildTarget,
  bakeArguments,
  bakeDefinition,
  contextName,
  targetIds,
} from './bake-definition.ts';
export { type Cluster, type ClusterPod, findCluster } from './cluster.ts';
export { loadCommand, loadIntoCluster } from './cluster-images.ts';
export { applyPod, forwardPort, inspectPod, podEvents, podLogs, removeNamespace } from './cluster-pods.ts';
export {
  type ContainerMount,
  type ContainerProcess,
  type ContainerSettings,
  type ContainerState,
  containerArguments,
  containerLogs,
  copyOut,
  createContainer,
  execute,
  inspectContainer,
  listProcesses,
  removeContainer,
  startContainer,
} from './containers.ts';
export { detectEngine, type Engine } from './engine.ts';
export { explainFailure } from './failures.ts';
export { type EngineImageConfig, inspectConfig } from './image-config.ts';
export {
  type InspectedImage,
  inspectImage,
  pullImage,
  pushImage,
  removeImage,
  tagImage,
  withFileSystem,
  withSavedImage,
} from './images.ts';
export { handedOn } from './job-environment.ts';
export { type Credentials, logIn, ownConfiguration } from './login.ts';
export { createNetwork, removeNetwork } from './networks.ts';
export { openEngine } from './open.ts';
export { podmanBuild, podmanBuildArguments } from './podman-build.ts';
export { copyImage, playPod, removePod } from './pods.ts';
export { commitContainer, type OnceResult, type OnceSettings, onceArguments, runOnce } from './run-once.ts';
