import type { GitHub } from '../github/index.ts';
import type { Registry } from '../registry/types.ts';
import { createLister } from './list-repository.ts';
import { createPackagesStore } from './packages-store.ts';
import { createRegistryStore } from './registry-store.ts';
import { type Store, type StoreKind, type StoreOf, storeKindOf } from './store.ts';

export interface StoreOptions {
  readonly github: GitHub;
  readonly registry: Registry;
  /** Absent: what the host of a repository tells. */
  readonly kind: StoreKind | undefined;
}

/** Stores by repository: one of each kind, opened when it is needed. */
export function createStores({ github, registry, kind }: StoreOptions): StoreOf {
  const list = createLister(registry);
  const opened = new Map<StoreKind, Store>();
  return (repository) => {
    const wanted = kind ?? storeKindOf(repository.slice(0, repository.indexOf('/')));
    const store =
      opened.get(wanted) ??
      (wanted === 'packages' ? createPackagesStore(github, registry, list) : createRegistryStore(registry, list));
    opened.set(wanted, store);
    return store;
  };
}
