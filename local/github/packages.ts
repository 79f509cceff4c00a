/** Container packages: what GHCR holds, as the packages API tells of it. The manifests are those of a registry. */

/** A registry whose repositories are the packages: `owner/name` there is the package `name` of `owner`. */
export interface PackageRegistry {
  /** In the order in which they were pushed; none for a repository that does not exist. */
  manifests(repository: string): { digest: string; mediaType: string; bytes: Buffer; tags: string[] }[];
  deleteManifest(repository: string, digest: string): boolean;
  /** Puts a manifest back that was deleted, with those of its tags that nothing else has taken. */
  restoreManifest(
    repository: string,
    manifest: { digest: string; mediaType: string; bytes: Buffer },
    tags: readonly string[],
  ): void;
}

export interface PackageVersion {
  id: number;
  digest: string;
  tags: string[];
  createdAt: string;
  updatedAt: string;
  downloads: number;
}

export interface LocalPackages {
  /** Shows the manifests of this registry. */
  connect(registry: PackageRegistry): void;
  /** Changes what can be seen of a version: when it was made and tagged last, how often it was pulled. */
  edit(
    repository: string,
    digest: string,
    change: Partial<Pick<PackageVersion, 'createdAt' | 'updatedAt' | 'downloads'>>,
  ): void;
  /** The versions of `owner/name`, newest first. */
  versions(repository: string): PackageVersion[];
}

export type Removal = 'done' | 'missing' | { refusal: string };

export interface PackageState extends LocalPackages {
  remove(repository: string, id: number): Removal;
  restore(repository: string, id: number): Removal;
}

interface Deleted {
  version: PackageVersion;
  manifest: { digest: string; mediaType: string; bytes: Buffer };
  at: number;
}

const restorableMs = 30 * 24 * 60 * 60 * 1000;
const mostDownloads = 5000;

export function createPackages(nextId: () => number, now: () => number = Date.now): PackageState {
  let registry: PackageRegistry | undefined;
  const known = new Map<string, PackageVersion>();
  const deleted = new Map<string, Deleted>();
  const timestamp = (): string => new Date(now()).toISOString().replace(/\.\d+/, '');

  const versions = (repository: string): PackageVersion[] => {
    const found = (registry?.manifests(repository) ?? []).map(({ digest, tags }) => {
      const key = `${repository}@${digest}`;
      const version = known.get(key);
      if (version === undefined) {
        const made = { id: nextId(), digest, tags, createdAt: timestamp(), updatedAt: timestamp(), downloads: 0 };
        known.set(key, made);
        return made;
      }
      if (tags.some((tag) => !version.tags.includes(tag))) version.updatedAt = timestamp();
      version.tags = tags;
      return version;
    });
    return found.sort((a, b) => b.id - a.id);
  };

  return {
    connect: (other) => {
      registry = other;
    },
    versions,
    edit(repository, digest, change) {
      const version = versions(repository).find((candidate) => candidate.digest === digest);
      if (version === undefined) throw new Error(`${repository} has no version ${digest}`);
      Object.assign(version, change);
    },
    remove(repository, id) {
      const all = versions(repository);
      const version = all.find((candidate) => candidate.id === id);
      const manifest = registry?.manifests(repository).find(({ digest }) => digest === version?.digest);
      if (version === undefined || manifest === undefined) return 'missing';
      if (version.downloads > mostDownloads)
        return {
          refusal: `Publicly visible package versions with more than ${mostDownloads} downloads cannot be deleted. Contact GitHub support for further assistance.`,
        };
      if (all.length === 1)
        return { refusal: 'You cannot delete the last version of a package. You must delete the package instead.' };
      if (version.tags.length > 0 && all.every((other) => other === version || other.tags.length === 0))
        return {
          refusal: 'You cannot delete the last tagged version of a package. You must delete the package instead.',
        };
      registry?.deleteManifest(repository, version.digest);
      known.delete(`${repository}@${version.digest}`);
      deleted.set(`${repository}#${id}`, { version, manifest, at: now() });
      return 'done';
    },
    restore(repository, id) {
      const found = deleted.get(`${repository}#${id}`);
      if (found === undefined || now() - found.at > restorableMs) return 'missing';
      const { version, manifest } = found;
      if (known.has(`${repository}@${version.digest}`)) return { refusal: 'The package version exists already.' };
      registry?.restoreManifest(repository, manifest, version.tags);
      known.set(`${repository}@${version.digest}`, { ...version, updatedAt: timestamp() });
      deleted.delete(`${repository}#${id}`);
      return 'done';
    },
  };
}
