/** The labels of one image: pure. */
import { baseOf, parseDockerfile } from '../dockerfile/index.ts';
import { labels } from '../images/labels.ts';
import type { RenderedImage, RunRef, Upstream } from '../images/records.ts';
import { canonicalReference, tryReference } from '../images/reference.ts';

/**
 * Every label is written for every image, if need be empty: what is left out would be inherited from the base, and
 * shown as the image's own.
 * @param dockerfile text of the rendered Dockerfile
 */
export function imageLabels(image: RenderedImage, ref: RunRef, dockerfile: string): Record<string, string> {
  const base = baseLabels(image, dockerfile);
  return {
    [labels.title]: image.name,
    [labels.source]: ref.url,
    [labels.url]: ref.url,
    [labels.revision]: ref.revision,
    [labels.created]: new Date(ref.committed * 1000).toISOString().replace('.000Z', 'Z'),
    [labels.version]: image.tags[0] ?? '',
    [labels.baseName]: base.name,
    [labels.baseDigest]: base.digest,
    [labels.repository]: ref.repository,
    [labels.branch]: ref.name,
    [labels.class]: ref.isDefaultBranch ? 'default' : ref.type,
    [labels.run]: ref.runUrl,
    [labels.image]: image.name,
    [labels.upstreams]: JSON.stringify(image.upstreams.map(nameOf)),
  };
}

function nameOf(upstream: Upstream): Record<string, string> {
  return upstream.kind === 'source'
    ? { kind: 'source', repository: upstream.repository, ref: upstream.ref, commit: upstream.commit }
    : {
        kind: 'image',
        reference: upstream.reference,
        // What the same build makes has none yet.
        ...(upstream.kind === 'image' ? { digest: upstream.digest } : {}),
      };
}

/** The digest of a base that the same build makes is not known while it is built. */
function baseLabels(image: RenderedImage, dockerfile: string): { name: string; digest: string } {
  const platform = image.platforms.length === 1 ? image.platforms[0] : undefined;
  const written = baseOf(parseDockerfile(dockerfile), image.buildArgs, image.target, platform)?.reference;
  if (written === undefined || written === 'scratch' || tryReference(written) === undefined)
    return { name: '', digest: '' };
  const name = canonicalReference(written);
  const upstream = image.upstreams.find((candidate) => candidate.kind !== 'source' && candidate.written === written);
  if (upstream?.kind !== 'image') return { name: upstream?.kind === 'pending' ? upstream.reference : name, digest: '' };
  const own = platform === undefined ? undefined : upstream.platforms[platform];
  return { name: upstream.reference, digest: own ?? upstream.digest };
}
