/** A Docker engine with buildx: the one that is there, or a private one that leaves no trace. */

export { dockerPackages } from './packages.ts';
export { makeRecord } from './record.ts';
export { type EngineOptions, type LocalEngine, startEngine } from './start.ts';
export { chooseSubnet, parseRoutes } from './subnet.ts';
export { tearDown, tearDownLeftovers } from './teardown.ts';
export { type Answers, judge, type Verdict } from './verdict.ts';
