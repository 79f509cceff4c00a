/** Of a manifest, what rotation has to know. */
import { holdArtifactType } from '../images/hold.ts';
import { labels } from '../images/labels.ts';
import { publicationArtifactType } from '../images/publication.ts';
import type { Digest } from '../images/records.ts';
import { isIndex, type Manifest, mediaTypes } from '../registry/index.ts';
import { type Blob, type ListedManifest, pendingArtifactType } from '../retention/index.ts';

/** The one object for a blob that many manifests refer to. */
export type ShareBlob = (digest: Digest, size: number) => Blob;

export function createBlobs(): ShareBlob {
  const blobs = new Map<Digest, Blob>();
  return (digest, size) => {
    const known = blobs.get(digest) ?? { digest, size };
    blobs.set(digest, known);
    return known;
  };
}

export interface Listed {
  readonly blob: ShareBlob;
  /** The string of a digest that is there already, else the one given. */
  readonly known: (digest: Digest) => Digest;
  readonly tags: string[];
  /** When the store says that it was pushed or tagged last. */
  readonly updatedAt: string | undefined;
}

export function listedManifest(
  manifest: Manifest,
  { blob, known, tags, updatedAt }: Listed,
): Omit<ListedManifest, 'tags'> & { tags: string[] } {
  const { descriptor, manifests = [], config, layers = [], subject, annotations } = manifest;
  const { mediaType, digest, size } = descriptor;
  const artifactType = manifest.artifactType ?? config?.mediaType;
  return {
    digest,
    mediaType: types.get(mediaType) ?? mediaType,
    ...(artifactType === undefined ? {} : { artifactType: types.get(artifactType) ?? artifactType }),
    kind: kindOf(manifest),
    size,
    children: manifests.length === 0 ? none : manifests.map((child) => known(child.digest)),
    layers: layers.length === 0 ? none : layers.map((layer) => blob(layer.digest, layer.size)),
    ...(config === undefined ? {} : { config: blob(config.digest, config.size) }),
    ...(subject === undefined ? {} : { subject: known(subject.digest) }),
    ...(isRecord(artifactType) && annotations !== undefined ? { annotations: withoutEmpty(annotations) } : {}),
    tags,
    ...(updatedAt === undefined ? {} : { updatedAt }),
  };
}

/** One list for all that list nothing. */
const none: readonly never[] = [];

/** Of a record, what it says: thousands of them have the same gaps. */
function withoutEmpty(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(annotations).filter(([, text]) => text !== '' && text !== '[]'));
}

const recordTypes: readonly string[] = [holdArtifactType, publicationArtifactType, pendingArtifactType];

/** Whether a manifest is one of the suite's own records. */
export function isRecord(artifactType: string | undefined): boolean {
  return artifactType !== undefined && recordTypes.includes(artifactType);
}

/** One string for each type, however many manifests name it. */
const types: ReadonlyMap<string, string> = new Map(
  [...Object.values(mediaTypes), ...recordTypes].map((type) => [type, type]),
);

function kindOf({ descriptor, config, artifactType }: Manifest): ListedManifest['kind'] {
  if (isIndex(descriptor.mediaType)) return 'index';
  const runs = config?.mediaType === mediaTypes.ociConfig || config?.mediaType === mediaTypes.dockerConfig;
  return runs && artifactType === undefined ? 'image' : 'artifact';
}

const used: readonly string[] = [
  labels.class,
  labels.branch,
  labels.created,
  labels.revision,
  labels.version,
  labels.baseDigest,
  labels.upstreams,
];

/** The labels that rotation goes by. */
export function usedLabels(all: Readonly<Record<string, string>> | null | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(all ?? {}).filter(([name]) => used.includes(name)));
}
