/** Any OCI registry: what is there is found by its tags, and goes by its digest. */
import { ProblemsError, problemsOf } from '../problems.ts';
import { statusOf } from '../registry/index.ts';
import type { Registry } from '../registry/types.ts';
import type { Listing } from '../retention/index.ts';
import { announce } from './announce.ts';
import { standingOn } from './changes.ts';
import type { ListManifests } from './listing.ts';
import type { Store } from './store.ts';

const tagsInPage = 1000;

export function createRegistryStore(registry: Registry, list: ListManifests): Store {
  const listed = new Map<string, Set<string>>();

  /** Passes tags on, and remembers them. */
  async function* remembering(repository: string): AsyncGenerator<string> {
    const names = new Set<string>();
    listed.set(repository, names);
    for await (const tag of registry.tags(repository)) {
      names.add(tag);
      yield tag;
    }
  }

  return {
    kind: 'registry',
    list: (repository) => list(repository, { tags: remembering(repository) }),
    async changes(listing: Listing, tags) {
      const before = listed.get(listing.repository) ?? new Set();
      const fresh = new Set(tags);
      let count = 0;
      for await (const tag of registry.tags(listing.repository)) {
        count += 1;
        if (!before.has(tag)) fresh.add(tag);
      }
      const { retagged, requests } = await standingOn(registry, listing, fresh);
      return { retagged, requests: requests + Math.max(1, Math.ceil(count / tagsInPage)) };
    },
    announce: (listing, going) => announce(registry, listing, going),
    versionOf: () => undefined,
    async remove(repository, digest, tags) {
      try {
        await registry.deleteManifest(repository, digest, tags);
        return { status: 'deleted' };
      } catch (error) {
        if (!(error instanceof ProblemsError)) throw error;
        const status = statusOf(error);
        // Deletion is switched off, or the login may not delete: true of all that would follow.
        if (status === 401 || status === 403 || status === 405 || status === 501) throw error;
        const reason = problemsOf(error)
          .map(({ message }) => message)
          .join('; ');
        return { status: status === 429 ? 'limited' : 'failed', reason };
      }
    },
  };
}
