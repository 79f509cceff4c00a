/** A Docker engine with buildx: the one that is there, or a private one that leaves no trace. */

export { type EngineOptions, type LocalEngine, startEngine } from './start.ts';
export { chooseSubnet, parseRoutes } from './subnet.ts';
export { type Answers, judge, type Verdict } from './verdict.ts';
