/** Dockerfiles: what they say and build on, and the rules that they are held to before there is an image. */
export { argumentsOf, parseDockerfile } from './parse.ts';
export { type Position, positionAt, type SourceText } from './source.ts';
export type * from './types.ts';
export {
  baseOf,
  finalStages,
  neededStages,
  type UpstreamOptions,
  type UpstreamReference,
  upstreamReferences,
} from './upstreams.ts';
