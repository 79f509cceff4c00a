/** In which order manifests are deleted, so that nothing that is left ever refers to something that is gone. */
import type { Node } from './graph.ts';

/**
 * Who refers to another goes before it: a signature before its image, an index before its platforms. What belongs to
 * one build goes together, so that a run that stops leaves few builds half gone.
 * @param builds in the order in which they should go
 * @param doomed all that goes
 */
export function deletionOrder(builds: readonly Node[], doomed: ReadonlySet<Node>): readonly Node[] {
  const ordered = new Set<Node>();
  const entered = new Set<Node>();
  /** A stack instead of recursion: nothing limits how deep indexes are nested. */
  const emit = (start: Node): void => {
    const stack = [start];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const before = entered.has(node)
        ? undefined
        : node.referredBy.filter((other) => doomed.has(other) && !entered.has(other));
      entered.add(node);
      if (before !== undefined && before.length > 0) {
        stack.push(...before);
        continue;
      }
      stack.pop();
      ordered.add(node);
    }
  };
  const emitWithParts = (build: Node): void => {
    const queue = [build];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (!ordered.has(node)) emit(node);
      for (const part of node.refersTo) if (doomed.has(part) && !ordered.has(part)) queue.push(part);
    }
  };
  for (const build of builds) emitWithParts(build);
  for (const node of doomed) if (!ordered.has(node)) emitWithParts(node);
  return [...ordered];
}
