/** The registry: an OCI distribution client, logins, and the content id of an image. */
export { annotatedIndex } from './annotated-index.ts';
export { createRegistry, type RegistryOptions } from './client.ts';
export { contentId } from './content-id.ts';
export {
  type CredentialOptions,
  type CredentialSource,
  type Credentials,
  readDockerCredentials,
} from './credentials.ts';
export { RegistryStatusError, statusOf } from './errors.ts';
export { parseConfig } from './image-config.ts';
export { digestOf, isIndex, mediaTypes, parseManifest, platformText } from './manifests.ts';
export type { Clock } from './retries.ts';
export { readTar, type TarEntry } from './tar.ts';
export type { Descriptor, ImageConfig, Manifest, Registry, ResolvedImage, ResolveOptions } from './types.ts';
