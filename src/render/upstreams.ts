/** What the upstreams of images point at: asked of the registry once for each reference. */
import type { Config } from '../images/config.ts';
import { type Digest, type Platform, parseReference, repositoryOf } from '../images/index.ts';
import { platformStates } from '../images/platform-states.ts';
import { fail, ProblemsError, problemsOf } from '../problems.ts';
import type { Registry, ResolvedImage } from '../registry/types.ts';
import type { WrittenUpstream } from './render-dockerfile.ts';

export type Resolve = (repository: string, tagOrDigest: string) => Promise<ResolvedImage | undefined>;

/** `registry.resolve`, which asks for the same thing once. */
export function resolveOnce(registry: Registry): Resolve {
  const known = new Map<string, Promise<ResolvedImage | undefined>>();
  return (repository, tagOrDigest) => {
    const key = `${repository} ${tagOrDigest}`;
    const found = known.get(key) ?? registry.resolve(repository, tagOrDigest);
    known.set(key, found);
    return found;
  };
}

export function isFleetReference(config: Config, reference: string): boolean {
  return repositoryOf(parseReference(reference)).startsWith(`${config.registry}/${config.namespace}/`);
}

/**
 * The image that an upstream's reference points at.
 * @param branchTag tag to prefer where the image has it
 * @returns `undefined` for a fleet image that nobody has published yet
 * @throws ProblemsError, with the template's line, for an image that does not exist or can't be asked for
 */
export async function resolveUpstream(
  upstream: WrittenUpstream,
  fleet: boolean,
  resolve: Resolve,
  branchTag?: string,
): Promise<ResolvedImage | undefined> {
  const reference = parseReference(upstream.reference);
  const repository = repositoryOf(reference);
  const { place } = upstream;
  let found: ResolvedImage | undefined;
  try {
    if (branchTag !== undefined && reference.digest === undefined) found = await resolve(repository, branchTag);
    found ??= await resolve(repository, reference.digest ?? reference.tag ?? 'latest');
  } catch (error) {
    throw new ProblemsError(problemsOf(error).map((problem) => ({ place, ...problem })));
  }
  if (found === undefined && !fleet)
    fail(`the image ${upstream.reference} does not exist`, {
      hint: 'correct its name or tag; for a private image, log in to its registry before this step',
      place,
    });
  return found;
}

/** What of the upstream an image is built on. @throws ProblemsError, with the template's line, when there is nothing */
export function statesOf(
  upstream: WrittenUpstream,
  { platforms: available }: ResolvedImage,
  wanted: readonly Platform[],
): Readonly<Record<Platform, Digest>> {
  const states = platformStates(available, wanted);
  if (Object.keys(states).length === 0)
    fail(`${upstream.reference} is not published for ${wanted.join(', ')}`, {
      hint: `it is for ${Object.keys(available).join(', ') || 'no platform'}; change 'platforms', or take another image`,
      place: upstream.place,
    });
  return states;
}
