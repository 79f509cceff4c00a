import { digestOf, mediaTypes } from './manifests.ts';
import type { Descriptor, Manifest } from './types.ts';

/**
 * An index with one entry and something to say about it. It needs no blob, keeps its entry alive wherever unused
 * manifests are cleaned up, and under its tag the entry can be pulled.
 */
export function annotatedIndex(
  entry: Descriptor,
  artifactType: string,
  annotations: Readonly<Record<string, string>>,
): Manifest {
  const { mediaType, digest, size, platform } = entry;
  const manifests = [{ mediaType, digest, size, ...(platform === undefined ? {} : { platform }) }];
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, artifactType, manifests, annotations };
  const bytes = Buffer.from(JSON.stringify(index));
  return {
    descriptor: { mediaType: mediaTypes.ociIndex, digest: digestOf(bytes), size: bytes.length },
    bytes,
    artifactType,
    manifests,
    annotations,
  };
}
