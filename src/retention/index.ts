/** Retention: which builds of the fleet's images stay, which go, and in which order. */
export type * from './types.ts';
