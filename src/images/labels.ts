/**
 * The labels that a build writes. The standard ones are those of
 * https://github.com/opencontainers/image-spec/blob/main/annotations.md; the suite's own begin with its name.
 */

/** Prefixes of the labels that say how an image came to be: they do not enter the content id. */
export const buildLabelPrefixes: readonly string[] = ['org.opencontainers.image.', 'io.image-cascade.'];

export const labels = {
  title: 'org.opencontainers.image.title',
  source: 'org.opencontainers.image.source',
  revision: 'org.opencontainers.image.revision',
  /** RFC 3339, of `SOURCE_DATE_EPOCH`. */
  created: 'org.opencontainers.image.created',
  baseName: 'org.opencontainers.image.base.name',
  baseDigest: 'org.opencontainers.image.base.digest',
  url: 'org.opencontainers.image.url',
  version: 'org.opencontainers.image.version',
  /** `owner/name` of the image repository. */
  repository: 'io.image-cascade.repository',
  branch: 'io.image-cascade.branch',
  /** `default`, `branch`, `tag` or `pull-request`. */
  class: 'io.image-cascade.class',
  /** Page of the run that built it. */
  run: 'io.image-cascade.run',
  /** Name in `images.yaml`. */
  image: 'io.image-cascade.image',
  /** JSON array of the upstreams: `kind`, `reference` and, where known before the build, `digest`, or `repository`, `ref`, `commit`. */
  upstreams: 'io.image-cascade.upstreams',
} as const;

export function isBuildLabel(name: string): boolean {
  return buildLabelPrefixes.some((prefix) => name.startsWith(prefix));
}
