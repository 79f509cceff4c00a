/** Bounds of one rendering. */
import { LimitError, type Limits } from '../python/index.ts';

export interface LimitOptions {
  /** Most time that one template may take, in milliseconds. Default: 10,000. */
  readonly timeMs?: number;
  /** Most characters that one template may give. Default: 10 million. */
  readonly output?: number;
}

/** As Jinja2's sandbox has it. */
const maxRange = 100_000;
/** Characters of one text, or items of one list. */
const maxSize = 10_000_000;
/** Characters and items that are made in all, which bounds the memory that a template takes. */
const maxTotal = 200_000_000;
/** The clock is looked at once in so many steps: one may be as long as a text of 10 million characters is. */
const ticksBetweenLooks = 32;
/** Macros, includes, blocks and recursive loops inside of each other. */
const maxDepth = 300;

export class RenderLimits implements Limits {
  readonly maxRange = maxRange;
  private readonly output: number;
  private readonly timeMs: number;
  private readonly deadline: number;
  private total = 0;
  private ticks = 0;
  private depth = 0;

  constructor({ timeMs = 10_000, output = 10_000_000 }: LimitOptions = {}) {
    this.timeMs = timeMs;
    this.output = output;
    this.deadline = clockMs() + timeMs;
  }

  grow(size: number): void {
    this.total += size;
    if (size > maxSize)
      throw new LimitError(
        `a text or list of ${amount(size)} would be made here`,
        `at most ${amount(maxSize)} is allowed`,
      );
    if (this.total > maxTotal)
      throw new LimitError(
        'this template makes too many texts and lists',
        `at most ${amount(maxTotal)} in all is allowed`,
      );
  }

  tick(): void {
    this.ticks += 1;
    if (this.ticks % ticksBetweenLooks === 0 && clockMs() > this.deadline)
      throw new LimitError(
        `this template takes longer than ${this.timeMs / 1000} s`,
        'look for a loop that goes on too long',
      );
  }

  /** @param length characters of output so far */
  checkOutput(length: number): void {
    if (length > this.output)
      throw new LimitError(
        `this template gives more than ${amount(this.output)}`,
        'look for a loop that goes on too long',
      );
  }

  /** Before what may call itself; `leave` comes behind it, whatever happens. */
  enter(): void {
    if (this.depth >= maxDepth)
      throw new LimitError(
        `macros, includes, blocks or recursive loops are nested more than ${maxDepth} deep here`,
        'look for one that leads to itself',
      );
    this.tick();
    this.depth += 1;
  }

  leave(): void {
    this.depth -= 1;
  }

  /** Runs what may call itself. */
  nested<T>(body: () => T): T {
    this.enter();
    try {
      return body();
    } finally {
      this.leave();
    }
  }
}

/** `performance` would load a module of Node that nothing else needs, and `process.uptime` is slower. */
function clockMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

function amount(size: number): string {
  return `${size.toLocaleString('en')} characters or items`;
}
