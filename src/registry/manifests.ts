/** Manifests and indexes: https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md, and Docker's version 2. */
import { createHash } from 'node:crypto';
import type { Digest, Platform } from '../images/records.ts';
import { isDigest } from '../images/reference.ts';
import { fail } from '../problems.ts';
import type { Descriptor, Manifest } from './types.ts';

export const mediaTypes = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
} as const;

const manifestTypes: readonly string[] = [
  mediaTypes.ociIndex,
  mediaTypes.ociManifest,
  mediaTypes.dockerList,
  mediaTypes.dockerManifest,
];

export const manifestAccept = manifestTypes.join(', ');

/** The specification asks registries to take manifests of 4 MiB; none needs more. */
export const manifestLimit = 4 * 1024 * 1024;

export function isManifestType(mediaType: string): boolean {
  return manifestTypes.includes(mediaType);
}

export function isIndex(mediaType: string): boolean {
  return mediaType === mediaTypes.ociIndex || mediaType === mediaTypes.dockerList;
}

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * Reads a manifest or an index. The digest is computed from the bytes.
 * @param contentType the answer's Content-Type, for manifests that don't name their own type
 * @param name for errors: `host/path:tag`
 * @throws ProblemsError for what is neither
 */
export function parseManifest(bytes: Uint8Array, contentType: string | undefined, name: string): Manifest {
  const body = parseObject(bytes, name);
  const sent = contentType?.split(';')[0]?.trim() ?? '';
  const mediaType = typeof body.mediaType === 'string' ? body.mediaType : sent;
  if (!isManifestType(mediaType)) {
    fail(`${name} is of the unknown type '${mediaType}'`, {
      hint: 'push it again with a current Docker, as an OCI or Docker version 2 image',
    });
  }
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  const annotations = readAnnotations(body.annotations);
  const subject = body.subject === undefined ? undefined : readDescriptor(body.subject, name);
  const shared = {
    ...(annotations === undefined ? {} : { annotations }),
    ...(subject === undefined ? {} : { subject }),
    ...(typeof body.artifactType === 'string' ? { artifactType: body.artifactType } : {}),
  };
  if (isIndex(mediaType)) {
    return { descriptor, bytes, manifests: readDescriptors(body.manifests, name), ...shared };
  }
  const config = readDescriptor(body.config, name);
  return { descriptor, bytes, config, layers: readDescriptors(body.layers, name), ...shared };
}

/** Reads JSON that has to be an object. @throws ProblemsError */
export function parseObject(bytes: Uint8Array, name: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch (error) {
    return fail(`${name} is not JSON`, { hint: 'push it again', cause: error });
  }
  return fail(`${name} is not a JSON object`, { hint: 'push it again' });
}

export function readDescriptors(value: unknown, name: string): Descriptor[] {
  if (!Array.isArray(value)) return fail(`${name} is incomplete`, { hint: 'push it again' });
  return value.map((entry) => readDescriptor(entry, name));
}

function readDescriptor(value: unknown, name: string): Descriptor {
  const { mediaType, digest, size, platform, annotations, artifactType }: Record<string, unknown> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  if (typeof digest !== 'string' || !isDigest(digest)) {
    return fail(`${name} refers to something without a sha256 digest`, { hint: 'push it again' });
  }
  if (typeof mediaType !== 'string' || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    return fail(`${name} refers to ${digest} without its type or size`, { hint: 'push it again' });
  }
  const read = readPlatform(platform);
  const notes = readAnnotations(annotations);
  return {
    mediaType,
    digest,
    size,
    ...(read === undefined ? {} : { platform: read }),
    ...(notes === undefined ? {} : { annotations: notes }),
    ...(typeof artifactType === 'string' ? { artifactType } : {}),
  };
}

function readPlatform(value: unknown): Descriptor['platform'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const { os, architecture, variant }: Record<string, unknown> = { ...value };
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return { os, architecture, ...(typeof variant === 'string' && variant !== '' ? { variant } : {}) };
}

function readAnnotations(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Entries of an index that can be run, with their platforms: no attestations, no signatures. */
export function platformEntries(manifest: Manifest): readonly { platform: Platform; descriptor: Descriptor }[] {
  return (manifest.manifests ?? [])
    .filter((entry) => isManifestType(entry.mediaType) && !isAttestation(entry))
    .flatMap((descriptor) =>
      descriptor.platform === undefined ? [] : [{ platform: platformText(descriptor.platform), descriptor }],
    );
}

/** BuildKit's attestations: https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md */
export function isAttestation({ platform, annotations }: Descriptor): boolean {
  return (
    annotations?.['vnd.docker.reference.type'] !== undefined ||
    platform?.os === 'unknown' ||
    platform?.architecture === 'unknown'
  );
}

/**
 * One text for each platform, as containerd normalises them:
 * https://github.com/containerd/platforms/blob/main/database.go
 */
export function platformText({ os, architecture, variant = '' }: NonNullable<Descriptor['platform']>): Platform {
  const aliases: Readonly<Record<string, string>> = {
    x86_64: 'amd64',
    'x86-64': 'amd64',
    aarch64: 'arm64',
    i386: '386',
  };
  const name = os.toLowerCase();
  const cpu = aliases[architecture.toLowerCase()] ?? architecture.toLowerCase();
  const kind = normalVariant(cpu, variant.toLowerCase());
  return kind === '' ? `${name}/${cpu}` : `${name}/${cpu}/${kind}`;
}

function normalVariant(architecture: string, variant: string): string {
  if (architecture === 'arm64' && (variant === 'v8' || variant === '8')) return '';
  if (architecture === 'amd64' && variant === 'v1') return '';
  if (architecture === 'arm' && /^[5-8]?$/.test(variant)) return variant === '' ? 'v7' : `v${variant}`;
  return variant;
}
