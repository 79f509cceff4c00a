import type { Readable } from 'node:stream';
import { fail } from '../problems.ts';
import { blobUrl, follow, type Repository, uploadUrl } from './addresses.ts';
import { header } from './http.ts';
import type { Answer, Transport } from './transport.ts';
import type { Descriptor } from './types.ts';

export interface BlobTarget {
  readonly repository: Repository;
  readonly descriptor: Pick<Descriptor, 'digest' | 'size'>;
  /** Path of a repository of the same registry that has the blob: nothing needs to be sent then. */
  readonly from?: string;
}

export interface Blobs {
  /** Makes a blob be there: nothing if it is, by a mount if it can be, else by sending what `open` gives. */
  put(target: BlobTarget, open: () => Promise<Readable>): Promise<void>;
}

export function createBlobs(transport: Transport): Blobs {
  const exists = async ({ repository, descriptor }: BlobTarget): Promise<boolean> => {
    const answer = await transport.send({
      method: 'HEAD',
      url: blobUrl(repository, descriptor.digest),
      repository,
      // The token of the upload that may follow, instead of one more.
      access: 'write',
      purpose: `look for ${descriptor.digest} in ${repository.host}/${repository.path}`,
      expect: [200, 404],
    });
    return answer.status === 200;
  };

  const begin = ({ repository, descriptor, from }: BlobTarget): Promise<Answer> =>
    transport.attempt({
      method: 'POST',
      url: uploadUrl(repository, from === undefined ? undefined : { digest: descriptor.digest, from }),
      repository,
      access: 'write',
      ...(from === undefined ? {} : { reads: [from] }),
      headers: { 'content-length': '0' },
      purpose: `begin an upload to ${repository.host}/${repository.path}`,
      expect: [201, 202],
    });

  const putOnce: Blobs['put'] = async (target, open) => {
    const { repository, descriptor } = target;
    if (await exists(target)) return;
    // A failed upload leaves a session with an unknown part of the bytes: the next attempt begins a new one.
    await transport.retrying(async () => {
      const session = await begin(target);
      if (session.status === 201) return;
      await transport.attempt({
        method: 'PUT',
        url: finishUrl(repository, descriptor.digest, header(session.headers, 'location')),
        repository,
        access: 'write',
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(descriptor.size) },
        body: open,
        purpose: `upload ${descriptor.digest} to ${repository.host}/${repository.path}`,
        expect: [200, 201, 204],
      });
    });
  };

  /** Registries trip over two uploads of the same blob at the same time. */
  const going = new Map<string, Promise<void>>();

  return {
    put: (target, open) => {
      const { repository, descriptor } = target;
      const key = `${repository.host}/${repository.path}@${descriptor.digest}`;
      const known = going.get(key);
      if (known !== undefined) return known;
      const upload = putOnce(target, open).finally(() => going.delete(key));
      going.set(key, upload);
      return upload;
    },
  };
}

function finishUrl(repository: Repository, digest: string, location: string | undefined): URL {
  if (location === undefined) {
    return fail(`registry ${repository.host} does not say where to upload to`, { hint: 'ask who runs it' });
  }
  const url = follow(uploadUrl(repository), location);
  // Appended as it is: registries sign the rest of the query, so it must keep its bytes.
  url.search = `${url.search === '' ? '?' : `${url.search}&`}digest=${encodeURIComponent(digest)}`;
  return url;
}
