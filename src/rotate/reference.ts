/** Which build somebody means. */
import type { Config } from '../images/config.ts';
import { parseReference, repositoryOf, tryReference } from '../images/reference.ts';
import { mainTag } from '../images/tags.ts';
import { fail } from '../problems.ts';

export interface Target {
  /** `registry/path`. */
  readonly repository: string;
  readonly tagOrDigest: string;
}

/**
 * Reads `web`, `web:tag`, `web@sha256:…` for an image of `images.yaml`, or a whole reference. Without tag and digest,
 * the main tag is meant.
 * @throws ProblemsError for text that names no image
 */
export function targetOf(text: string, config: Config | undefined, defaultBranch: string): Target {
  const [, name = '', rest = ''] = /^([^/:@]+)(.*)$/.exec(text) ?? [];
  const image = config?.images.find((candidate) => candidate.name === name);
  if (image !== undefined) {
    const { tag, digest, ...repository } = parseReference(`${image.repository}${rest}`);
    return {
      repository: repositoryOf(repository),
      tagOrDigest: digest ?? tag ?? mainTag(image.tags, defaultBranch),
    };
  }
  const reference = text.includes('/') ? tryReference(text) : undefined;
  if (reference === undefined)
    return fail(`input 'images': '${text}' names no image`, {
      hint: `write name:tag or name@sha256:…, with a name of images.yaml (${
        config?.images.map((candidate) => candidate.name).join(', ') ?? 'which is not there'
      }), or a whole reference such as ghcr.io/acme/web:1.4`,
    });
  const { tag, digest } = reference;
  const known = config?.images.find((candidate) => candidate.repository === repositoryOf(reference));
  const preset = known === undefined ? 'latest' : mainTag(known.tags, defaultBranch);
  return { repository: repositoryOf(reference), tagOrDigest: digest ?? tag ?? preset };
}
