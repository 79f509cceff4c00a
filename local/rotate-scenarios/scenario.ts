import type { World } from './world.ts';

export interface Scenario {
  /** What is promised. */
  readonly title: string;
  /** @throws Error where it is not so */
  play(world: World): Promise<void>;
  /** Left out: on every registry. */
  readonly only?: (world: World) => boolean;
}

export function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
