/** GHCR: manifests are the versions of a package, which GitHub lists, deletes and restores. */
import {
  deleteVersion,
  type GitHub,
  type Package,
  type PackageVersion,
  packageOf,
  packageVersions,
} from '../github/index.ts';
import type { Digest } from '../images/records.ts';
import { fail } from '../problems.ts';
import type { Registry } from '../registry/types.ts';
import { standingOn } from './changes.ts';
import type { ListManifests } from './listing.ts';
import type { Store } from './store.ts';

const versionsInPage = 100;

interface Listed {
  readonly pack: Package;
  readonly versions: ReadonlyMap<Digest, PackageVersion>;
}

export function createPackagesStore(github: GitHub, registry: Registry, list: ListManifests): Store {
  const packages = createPackageFinder(github);
  const listed = new Map<string, Listed>();

  const read = async (repository: string): Promise<Listed> => {
    const pack = await packages(repository);
    const versions = new Map<Digest, PackageVersion>();
    for await (const version of packageVersions(github, pack)) versions.set(version.digest, version);
    return { pack, versions };
  };

  return {
    kind: 'packages',
    async list(repository) {
      const found = await read(repository);
      if (found.versions.size === 0) await refuseHidden(registry, repository);
      listed.set(repository, found);
      return list(repository, { versions: [...found.versions.values()] });
    },
    async changes(listing, tags) {
      const before = listed.get(listing.repository)?.versions ?? new Map();
      const { versions } = await read(listing.repository);
      // Of a tag that moved, the version that has it now shows it.
      const fresh = [...versions.values()].filter(({ digest, tags: now }) => {
        const known = before.get(digest);
        return known === undefined || now.some((tag) => tags.includes(tag) || !known.tags.includes(tag));
      });
      const { retagged, requests } = await standingOn(
        registry,
        listing,
        fresh.map(({ digest }) => digest),
      );
      return { retagged, requests: requests + Math.max(1, Math.ceil(versions.size / versionsInPage)) };
    },
    versionOf: (repository, digest) => listed.get(repository)?.versions.get(digest)?.id,
    async remove(repository, digest) {
      const { pack, versions } = listed.get(repository) ?? (await read(repository));
      const version = versions.get(digest);
      if (version === undefined) return { status: 'gone' };
      const outcome = await deleteVersion(github, pack, version.id);
      return outcome.status === 'done' ? { status: 'deleted' } : outcome;
    },
  };
}

/** A package that the token may not see looks like one that is not there. */
async function refuseHidden(registry: Registry, repository: string): Promise<void> {
  for await (const tag of registry.tags(repository))
    fail(`GitHub does not show the versions of ${repository}, although it has tags such as ${tag}`, {
      hint: "give the repository access to the package under 'Manage Actions access', or set the input 'token' to one that may read it",
    });
}

/** Packages by `registry/owner/name…`; each owner is asked for once. */
export function createPackageFinder(github: GitHub): (repository: string) => Promise<Package> {
  const owners = new Map<string, Promise<Package>>();
  return async (repository) => {
    const path = repository.slice(repository.indexOf('/') + 1);
    const [owner = '', ...name] = path.split('/');
    const known = owners.get(owner) ?? packageOf(github, path);
    owners.set(owner, known);
    return { ...(await known), name: name.join('/') };
  };
}
