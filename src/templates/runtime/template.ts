/** A compiled template. */
import type { Context } from './context.ts';

export type BlockFunction = (context: Context) => string;

export interface Template {
  /** Repository path. */
  readonly path: string;
  readonly root: BlockFunction;
  readonly blocks: readonly (readonly [name: string, block: BlockFunction])[];
  /** Names that it sets somewhere, for a "did you mean"; of checked templates only. */
  readonly names: readonly string[];
}
