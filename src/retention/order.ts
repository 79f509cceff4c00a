/** In which order manifests are deleted, so that nothing that is left ever refers to something that is gone. */
import type { Node } from './graph.ts';

/**
 * Who refers to another goes before it: a signature before its image, an index before its platforms. What belongs to
 * one build goes together, so that a run that stops leaves few builds half gone.
 * @param builds in the order in which they should go
 * @param doomed all that goes
 * @param goes whether something is among `doomed`
 */
export function deletionOrder(
  builds: readonly Node[],
  doomed: readonly Node[],
  goes: (node: Node) => boolean,
): readonly Node[] {
  const ordered: Node[] = [];
  const states = new Map<Node, 'entered' | 'ordered'>();
  /** A stack instead of recursion: nothing limits how deep indexes are nested. */
  const emit = (start: Node): void => {
    const stack = [start];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const before = states.has(node) ? [] : node.referredBy.filter((other) => goes(other) && !states.has(other));
      if (before.length > 0) {
        states.set(node, 'entered');
        stack.push(...before);
        continue;
      }
      stack.pop();
      if (states.get(node) === 'ordered') continue;
      states.set(node, 'ordered');
      ordered.push(node);
    }
  };
  const emitWithParts = (build: Node): void => {
    const queue = [build];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (!states.has(node)) emit(node);
      for (const part of node.refersTo) if (goes(part) && !states.has(part)) queue.push(part);
    }
  };
  for (const build of builds) emitWithParts(build);
  for (const node of doomed) if (!states.has(node)) emitWithParts(node);
  return ordered;
}
