/** Publishing: which images of a run may go to the registry, under which tags, and in which order. */
export { decidePublications, type PublishDecision, tagOrder } from './decide.ts';
export { engineStore } from './engine-store.ts';
export { type EngineStore, type Publication, type Publisher, publish, withPublished } from './publish.ts';
export { createSuperseded } from './superseded.ts';
