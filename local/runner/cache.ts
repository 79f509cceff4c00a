import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Inputs of actions/cache that this runner understands. */
export const CACHE_INPUTS = { path: '', key: '', 'restore-keys': '' } as const;

/** What actions/cache keeps of a repository, from run to run: the bytes of one file by key. */
export interface Caches {
  /** @returns the key that was found: the key itself, else the newest that begins with one of `prefixes` */
  restore(repository: string, key: string, prefixes: readonly string[], file: string): Promise<string | undefined>;
  /** A key that is there stays as it is; a file that is not there is not saved. */
  save(repository: string, key: string, file: string): Promise<boolean>;
}

export function createCaches(): Caches {
  const repositories = new Map<string, Map<string, Buffer>>();
  const of = (repository: string): Map<string, Buffer> => {
    const known = repositories.get(repository.toLowerCase()) ?? new Map<string, Buffer>();
    repositories.set(repository.toLowerCase(), known);
    return known;
  };
  return {
    async restore(repository, key, prefixes, file) {
      const cached = of(repository);
      const newest = [...cached.keys()].reverse();
      const found = cached.has(key)
        ? key
        : prefixes.flatMap((prefix) => newest.find((name) => name.startsWith(prefix)) ?? [])[0];
      const bytes = found === undefined ? undefined : cached.get(found);
      if (bytes === undefined) return undefined;
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
      return found;
    },
    async save(repository, key, file) {
      const bytes = await readFile(file).catch(() => undefined);
      if (bytes === undefined || of(repository).has(key)) return false;
      of(repository).set(key, bytes);
      return true;
    },
  };
}

export interface CacheStep {
  repository: string;
  inputs: Readonly<Record<string, string>>;
  workspace: string;
  onLine(line: string): void;
}

/**
 * Does what actions/cache 4 does, for one file.
 * @returns the action's outputs, and what its post step does when the job has succeeded
 */
export async function runCache(
  caches: Caches,
  { repository, inputs, workspace, onLine }: CacheStep,
): Promise<{ outputs: Record<string, string>; post(onLine: (line: string) => void): Promise<void> }> {
  const { path = '', key = '', 'restore-keys': restoreKeys = '' } = inputs;
  if (path === '' || key === '') throw new Error(`Input required and not supplied: ${path === '' ? 'path' : 'key'}`);
  const file = resolve(workspace, path.trim());
  const prefixes = restoreKeys.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  const found = await caches.restore(repository, key, prefixes, file);
  onLine(found === undefined ? `Cache not found for input keys: ${key}` : `Cache restored from key: ${found}`);
  return {
    outputs: { 'cache-hit': found === undefined ? '' : String(found === key) },
    async post(show) {
      if (found === key) show(`Cache hit occurred on the primary key ${key}, not saving cache.`);
      else if (await caches.save(repository, key, file)) show(`Cache saved with key: ${key}`);
      else show(`Path ${path} does not exist, or key ${key} does: nothing is saved.`);
    },
  };
}
