/** What deletions free: each manifest, configuration and layer counts once. */
import type { Digest } from '../images/records.ts';
import type { Node } from './graph.ts';
import type { Blob } from './types.ts';

/**
 * Bytes that each deleted manifest frees, in the order given: of what several share, the first one counts. What
 * something that stays in the same registry needs is not freed, also in another repository: registries keep blobs once.
 * @param deleted by repository, as the result
 */
export function freedBytes(
  kept: Iterable<Node>,
  deleted: readonly (readonly Node[])[],
): readonly (readonly number[])[] {
  const counted = new Map<string, Set<Digest>>();
  const take = (node: Node): number => {
    const host = node.input.listing.repository.split('/')[0] ?? '';
    const known = counted.get(host) ?? new Set<Digest>();
    counted.set(host, known);
    let bytes = 0;
    for (const { digest, size } of blobsOf(node)) {
      if (known.has(digest)) continue;
      known.add(digest);
      bytes += size;
    }
    return bytes;
  };
  for (const node of kept) take(node);
  return deleted.map((nodes) => nodes.map(take));
}

/** Bytes that some manifests of one repository take. */
export function storedBytes(nodes: Iterable<Node>): number {
  const sizes = new Map<Digest, number>();
  for (const node of nodes) for (const { digest, size } of blobsOf(node)) sizes.set(digest, size);
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function blobsOf({ manifest }: Node): readonly Blob[] {
  const { digest, size, config, layers } = manifest;
  return [{ digest, size }, ...(config === undefined ? [] : [config]), ...layers];
}
