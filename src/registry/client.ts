/** The OCI distribution client: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md */
import type { Readable } from 'node:stream';
import type { Digest, Platform } from '../images/records.ts';
import { isDigest } from '../images/reference.ts';
import { fail } from '../problems.ts';
import { blobUrl, manifestUrl, parseRepository, type Repository } from './addresses.ts';
import { type BlobTarget, createBlobs } from './blobs.ts';
import { copyImage } from './copy.ts';
import type { CredentialSource } from './credentials.ts';
import { createDeletion } from './deletion.ts';
import { header } from './http.ts';
import { parseConfig } from './image-config.ts';
import {
  digestOf,
  isIndex,
  isManifestType,
  manifestAccept,
  manifestLimit,
  mediaTypes,
  parseManifest,
  platformEntries,
  platformText,
} from './manifests.ts';
import { listReferrers } from './referrers.ts';
import { type Clock, systemClock } from './retries.ts';
import { listTags } from './tags.ts';
import { createTransport, type RegistryRequest } from './transport.ts';
import type { Descriptor, ImageConfig, Manifest, Registry, ResolvedImage } from './types.ts';
import { corrupt, verifying } from './verify.ts';

export interface RegistryOptions {
  /** Logins by host; default: none. */
  readonly credentials?: CredentialSource;
  readonly userAgent?: string;
  /** Requests at the same time; default 8. */
  readonly concurrency?: number;
  /** One line for each request, without anything secret: for the debug log. */
  readonly log?: (line: string) => void;
  /** Attempts after the first one; default 4. */
  readonly retries?: number;
  /** Milliseconds without any traffic before a request is given up; default 60,000. */
  readonly idleMs?: number;
  /** Ends what is going on; whatever was asked for rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
}

const configLimit = 4 * 1024 * 1024;

/** All functions throw `ProblemsError`; see `types.ts` for what they do. */
export function createRegistry(options: RegistryOptions = {}): Registry {
  const transport = createTransport({
    credentials: options.credentials ?? (async () => undefined),
    userAgent: options.userAgent ?? 'image-cascade',
    concurrency: options.concurrency ?? 8,
    retries: options.retries ?? 4,
    idleMs: options.idleMs ?? 60_000,
    clock: options.clock ?? systemClock,
    log: options.log ?? (() => {}),
    signal: options.signal,
  });
  const blobs = createBlobs(transport);
  // A digest always stands for the same bytes. What is known of tags is never kept: others move them.
  const known = new Map<string, Manifest>();
  const configs = new Map<Digest, ImageConfig>();
  const withoutReferrers = new Set<string>();

  const head = async (repositoryText: string, tagOrDigest: string): Promise<Descriptor | undefined> => {
    const repository = parseRepository(repositoryText);
    const answer = await transport.send({
      method: 'HEAD',
      url: manifestUrl(repository, tagOrDigest),
      repository,
      access: 'read',
      headers: { accept: manifestAccept },
      purpose: `read ${nameOf(repository, tagOrDigest)}`,
      expect: [200, 404],
    });
    if (answer.status === 404) return undefined;
    const digest = header(answer.headers, 'docker-content-digest') ?? '';
    const mediaType = mediaTypeOf(answer.headers);
    if (!isDigest(digest) || !isManifestType(mediaType)) {
      // A registry that leaves out the optional header, or sends old manifests: the bytes tell.
      return (await get(repository, tagOrDigest))?.descriptor;
    }
    return { mediaType, digest, size: Number(header(answer.headers, 'content-length') ?? 0) };
  };

  const fetchManifest = async (
    repository: Repository,
    tagOrDigest: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly digest: Digest; readonly mediaType: string } | undefined> => {
    const name = nameOf(repository, tagOrDigest);
    const answer = await transport.send(
      {
        method: 'GET',
        url: manifestUrl(repository, tagOrDigest),
        repository,
        access: 'read',
        headers: { accept: manifestAccept },
        purpose: `read ${name}`,
        expect: [200, 404],
      },
      manifestLimit,
    );
    if (answer.status === 404) return undefined;
    const digest = digestOf(answer.bytes);
    if (isDigest(tagOrDigest) && digest !== tagOrDigest) throw corrupt(name, tagOrDigest, digest);
    return { bytes: answer.bytes, digest, mediaType: mediaTypeOf(answer.headers) };
  };

  const get = async (repository: Repository, tagOrDigest: string): Promise<Manifest | undefined> => {
    const fetched = await fetchManifest(repository, tagOrDigest);
    if (fetched === undefined) return undefined;
    const manifest = parseManifest(fetched.bytes, fetched.mediaType, nameOf(repository, tagOrDigest));
    known.set(`${repository.host}/${repository.path}@${fetched.digest}`, manifest);
    return manifest;
  };

  const readManifest = async (repositoryText: string, tagOrDigest: string): Promise<Manifest | undefined> => {
    const fetched = await fetchManifest(parseRepository(repositoryText), tagOrDigest);
    if (fetched === undefined) return undefined;
    const { bytes, mediaType, digest } = fetched;
    try {
      return parseManifest(bytes, mediaType, digest);
    } catch {
      return { descriptor: { mediaType, digest, size: bytes.length }, bytes };
    }
  };

  const manifest = async (repositoryText: string, tagOrDigest: string): Promise<Manifest | undefined> => {
    const repository = parseRepository(repositoryText);
    const cached = (digest: string) => known.get(`${repository.host}/${repository.path}@${digest}`);
    if (isDigest(tagOrDigest)) return cached(tagOrDigest) ?? get(repository, tagOrDigest);
    // HEAD is not counted by registries that ration pulls; then fetch what the tag pointed at, whatever it does now.
    const descriptor = await head(repositoryText, tagOrDigest);
    return descriptor === undefined ? undefined : (cached(descriptor.digest) ?? get(repository, descriptor.digest));
  };

  const configOf = async (repositoryText: string, image: Manifest): Promise<ImageConfig | undefined> => {
    const { config } = image;
    if (config === undefined || !isImageConfig(config)) return undefined;
    const cached = configs.get(config.digest);
    if (cached !== undefined) return cached;
    const bytes = await fetchConfig(repositoryText, config.digest, [200]);
    const parsed = parseConfig(bytes, nameOf(parseRepository(repositoryText), config.digest));
    configs.set(config.digest, parsed);
    return parsed;
  };

  const fetchConfig = async (
    repositoryText: string,
    digest: Digest,
    expect: RegistryRequest['expect'],
  ): Promise<Buffer> => {
    const repository = parseRepository(repositoryText);
    const name = nameOf(repository, digest);
    const url = blobUrl(repository, digest);
    const request = { method: 'GET', url, repository, access: 'read', purpose: `read ${name}`, expect } as const;
    const answer = await transport.send(request, configLimit);
    const found = digestOf(answer.bytes);
    if (answer.status === 200 && found !== digest) throw corrupt(name, digest, found);
    return answer.bytes;
  };

  const readConfig = async (repository: string, digest: Digest): Promise<ImageConfig | undefined> => {
    const bytes = await fetchConfig(repository, digest, [200, 404]);
    try {
      return parseConfig(bytes, digest);
    } catch {
      return undefined;
    }
  };

  const putManifest = async (repositoryText: string, tagOrDigest: string, { descriptor, bytes }: Manifest) => {
    const repository = parseRepository(repositoryText);
    const name = nameOf(repository, tagOrDigest);
    const answer = await transport.send({
      method: 'PUT',
      url: manifestUrl(repository, tagOrDigest),
      repository,
      access: 'write',
      headers: { 'content-type': descriptor.mediaType, 'content-length': String(bytes.length) },
      body: bytes,
      purpose: `write ${name}`,
      expect: [200, 201, 202],
    });
    const confirmed = header(answer.headers, 'docker-content-digest') ?? descriptor.digest;
    if (confirmed !== descriptor.digest) throw corrupt(name, descriptor.digest, confirmed);
    return descriptor.digest;
  };

  const blob = async (repositoryText: string, digest: Digest, size?: number): Promise<Readable> => {
    const repository = parseRepository(repositoryText);
    const name = nameOf(repository, digest);
    const request = {
      method: 'GET',
      url: blobUrl(repository, digest),
      repository,
      access: 'read',
      purpose: `read ${name}`,
      expect: [200, 404],
    } as const;
    const { status, body } = await transport.open(request, () => verifying(digest, name, size));
    if (status === 404) {
      body.destroy();
      fail(`${name} is missing in the registry`, { hint: 'push the image again' });
    }
    return body;
  };

  const deleteManifest = createDeletion(
    transport,
    async ({ host, path }, tag) => (await head(`${host}/${path}`, tag))?.digest,
  );

  const registry: Registry = {
    head,
    manifest,
    readManifest,
    readConfig,
    referrers: async (repositoryText, digest) => {
      const repository = parseRepository(repositoryText);
      if (withoutReferrers.has(repository.host)) return undefined;
      const found = await listReferrers(transport, repository, digest);
      if (found === undefined) withoutReferrers.add(repository.host);
      return found;
    },
    resolve: async (repository, tagOrDigest, { direct = false } = {}): Promise<ResolvedImage | undefined> => {
      const found = await (direct ? get(parseRepository(repository), tagOrDigest) : manifest(repository, tagOrDigest));
      if (found === undefined) return undefined;
      const { digest, mediaType } = found.descriptor;
      if (isIndex(mediaType)) {
        // Of several entries for one platform the first counts, as for engines.
        const entries = platformEntries(found).map(
          ({ platform, descriptor }) => [platform, descriptor.digest] as const,
        );
        return { digest, mediaType, platforms: Object.fromEntries(entries.reverse()) };
      }
      const config = await configOf(repository, found);
      // What is no image of a system, e.g. a chart or one made of bare layers, runs nowhere.
      const runs = config !== undefined && config.os !== '' && config.architecture !== '';
      return { digest, mediaType, platforms: runs ? { [platformText(config)]: digest } : {} };
    },
    config: async (repository, tagOrDigest, platform?: Platform) => {
      const found = await manifest(repository, tagOrDigest);
      if (found === undefined || !isIndex(found.descriptor.mediaType)) {
        return found === undefined ? undefined : configOf(repository, found);
      }
      const entries = platformEntries(found);
      const entry = platform === undefined ? entries[0] : entries.find((candidate) => candidate.platform === platform);
      const image = entry === undefined ? undefined : await manifest(repository, entry.descriptor.digest);
      return image === undefined ? undefined : configOf(repository, image);
    },
    putManifest,
    tag: async (repository, digest, tag) => {
      const found = await manifest(repository, digest);
      if (found === undefined) {
        return fail(`${repository}@${digest} is missing in the registry, so it cannot be tagged '${tag}'`, {
          hint: 'run it again: the image is built or pushed anew',
        });
      }
      await putManifest(repository, tag, found);
    },
    blob: (repository, digest) => blob(repository, digest),
    putBlob: (repository, descriptor, open) => blobs.put({ repository: parseRepository(repository), descriptor }, open),
    copy: (from, to) => {
      const source = parseRepository(from.repository);
      const target = parseRepository(to.repository);
      const copyBlob = (descriptor: Descriptor): Promise<void> => {
        const goal: BlobTarget = { repository: target, descriptor };
        const mount = source.host === target.host ? { from: source.path } : {};
        return blobs.put({ ...goal, ...mount }, () => blob(from.repository, descriptor.digest, descriptor.size));
      };
      return copyImage(registry, copyBlob, from, to);
    },
    tags: (repository) => listTags(transport, parseRepository(repository)),
    deleteManifest: async (repositoryText, digest, tags = []) => {
      const repository = parseRepository(repositoryText);
      await deleteManifest(repository, digest, tags);
      known.delete(`${repository.host}/${repository.path}@${digest}`);
    },
  };
  return registry;
}

function mediaTypeOf(headers: Parameters<typeof header>[0]): string {
  return header(headers, 'content-type')?.split(';')[0]?.trim() ?? '';
}

function isImageConfig({ mediaType }: Descriptor): boolean {
  return mediaType === mediaTypes.ociConfig || mediaType === mediaTypes.dockerConfig;
}

function nameOf({ host, path }: Repository, tagOrDigest: string): string {
  return `${host}/${path}${tagOrDigest.includes(':') ? '@' : ':'}${tagOrDigest}`;
}
