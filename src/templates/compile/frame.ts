/** What the compiler knows of the scope that it is in: `Frame` of jinja2/compiler.py (3.1). */
import { Symbols } from './symbols.ts';

export class Frame {
  readonly symbols: Symbols;
  /** The variable of the code that output is added to. */
  buffer: string;
  /** Output has to find out whether the template extends another by now. */
  requireOutputCheck = false;
  /** The root, and conditions in it. */
  toplevel = false;
  /** The root itself. */
  rootlevel = false;
  loopFrame = false;
  blockFrame = false;
  /** Inside of a condition, where an unknown filter matters only when it is reached. */
  softFrame = false;

  /** Variables of the code that are known to be set here. */
  readonly certain: Set<string>;

  constructor(symbols: Symbols, buffer: string, certain: Iterable<string> = []) {
    this.symbols = symbols;
    this.buffer = buffer;
    this.certain = new Set(certain);
  }

  inner(kind?: string): Frame {
    const frame = new Frame(new Symbols(this.symbols, kind), this.buffer, this.certain);
    frame.requireOutputCheck = this.requireOutputCheck;
    return frame;
  }

  soft(): Frame {
    const frame = new Frame(this.symbols.copy(), this.buffer, this.certain);
    frame.requireOutputCheck = this.requireOutputCheck;
    frame.toplevel = this.toplevel;
    frame.loopFrame = this.loopFrame;
    frame.blockFrame = this.blockFrame;
    frame.softFrame = true;
    return frame;
  }
}
