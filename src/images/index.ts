/** `images.yaml`, image references, tags, labels and keys. */

export {
  type Config,
  type ImageSettings,
  inputPaths,
  type SourceSettings,
  type TemplateSettings,
  type Variables,
} from './config.ts';
export { configJsonSchema } from './config-json-schema.ts';
export { hashContext } from './context-hash.ts';
export {
  type HoldTag,
  holdAnnotations,
  holdArtifactType,
  holdTag,
  isDay,
  isHolding,
  parseHoldTag,
} from './hold.ts';
export { inputKey, type UpstreamState } from './input-key.ts';
export { canonicalJson } from './key-text.ts';
export { buildKey, keysOf, memoryTags, stateOf, testsKey } from './keys.ts';
export { buildLabelPrefixes, isBuildLabel, labels } from './labels.ts';
export { loadConfig, normalPlatform } from './load-config.ts';
export { type PublicationTag, parsePublicationTag, publicationTag } from './publication-tag.ts';
export type * from './records.ts';
export {
  canonicalReference,
  formatReference,
  isDigest,
  isTag,
  parseReference,
  type Reference,
  repositoryOf,
  tryReference,
} from './reference.ts';
export { defaultPolicy, type Period, type Policy, parsePeriod, type Rule } from './retention.ts';
export { parseTagRule, type TagRule } from './tag-rules.ts';
export { branchTag, mainTag, mainTags, tagsFor } from './tags.ts';
export { placeInTemplate } from './template-lines.ts';
