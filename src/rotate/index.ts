/** Rotation: old builds go, what somebody holds stays, and what went comes back where it can. */
export { type Builds, changeHolds, type HoldMeans } from './change-holds.ts';
export {
  type ImageRepository,
  readFleet,
  readOwn,
  type Scope,
  type Selection,
  scopes,
} from './gather.ts';
export { type HeldBuild, type HoldRequest, hold, lastDay, type ReleaseRequest, release } from './hold.ts';
export { addReferrers, createLister, type ListingRegistry } from './list-repository.ts';
export type { ListManifests } from './listing.ts';
export { outputsOf, warningsOf } from './outputs.ts';
export {
  createRecord,
  type Deletion,
  type DeletionRecord,
  type LeftoverDeletion,
  type RecordWriter,
  readDeletionRecord,
} from './record.ts';
export { type Target, targetOf } from './reference.ts';
export { type Restoration, restore, restoreProblems } from './restore.ts';
export { type Means, type Rotation, type RotationRequest, rotate } from './rotate.ts';
export { type Store, type StoreKind, type StoreOf, storeKindOf, storeKinds } from './store.ts';
export { createStores, type StoreOptions } from './stores.ts';

export const modes = ['rotate', 'hold', 'release', 'restore'] as const;
