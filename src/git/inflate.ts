/**
 * Reads zlib's format (RFC 1950, 1951). For the few small objects of a repository that a render looks at: to load
 * Node's zlib, and the streams that it brings, takes longer than all of them together.
 */

/** Lengths 3 to 258 by code, and distances by code: where each begins, and how many bits follow. RFC 1951, 3.2.5. */
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceExtra = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** In which order the lengths of the code of codes are written. RFC 1951, 3.2.7. */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A Huffman code: how many codes there are of each length, and their symbols in order. */
interface Code {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

/**
 * @param limit most bytes that it may become
 * @throws RangeError when it is damaged, or becomes more
 */
export function inflate(source: Uint8Array, limit: number): Buffer {
  // The header of two bytes says how it was packed; the sum at the end is not asked for.
  let at = 2;
  let held = 0;
  let heldBits = 0;
  let out = Buffer.allocUnsafe(Math.min(limit, source.length * 4));
  let length = 0;

  const bits = (count: number): number => {
    while (heldBits < count) {
      const byte = source[at++];
      if (byte === undefined) throw new RangeError('compressed data ends too early');
      held |= byte << heldBits;
      heldBits += 8;
    }
    const value = held & ((1 << count) - 1);
    held >>>= count;
    heldBits -= count;
    return value;
  };
  const symbol = ({ counts, symbols }: Code): number => {
    let code = 0;
    let first = 0;
    let index = 0;
    for (const count of counts) {
      code |= bits(1);
      if (code - count < first) return symbols[index + code - first] ?? damaged();
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return damaged();
  };
  const put = (byte: number): void => {
    if (length === out.length) {
      if (length >= limit) throw new RangeError(`compressed data becomes more than ${limit} bytes`);
      const larger = Buffer.allocUnsafe(Math.min(limit, length * 2 + 64));
      larger.set(out);
      out = larger;
    }
    out[length++] = byte;
  };
  const stored = (): void => {
    held = 0;
    heldBits = 0;
    const size = bits(16);
    if (bits(16) !== (~size & 0xffff)) damaged();
    for (let index = 0; index < size; index++) put(bits(8));
  };
  const compressed = (literals: Code, distances: Code): void => {
    for (;;) {
      const value = symbol(literals);
      if (value === 256) return;
      if (value < 256) put(value);
      else {
        // 285 is 258 itself.
        const size =
          value === 285 ? 258 : startOf(lengthExtra, value - 257) + 3 + bits(lengthExtra[value - 257] ?? damaged());
        const distanceCode = symbol(distances);
        const distance = startOf(distanceExtra, distanceCode) + 1 + bits(distanceExtra[distanceCode] ?? damaged());
        if (distance > length) damaged();
        for (let index = 0; index < size; index++) put(out[length - distance] ?? damaged());
      }
    }
  };
  const written = (): [Code, Code] => {
    const [literalCount, distanceCount, lengthCount] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
    const order = new Array<number>(19).fill(0);
    for (const position of lengthOrder.slice(0, lengthCount)) order[position] = bits(3);
    const lengths: number[] = [];
    const code = codeOf(order);
    while (lengths.length < literalCount + distanceCount) {
      const value = symbol(code);
      if (value < 16) lengths.push(value);
      else {
        const repeated = value === 16 ? (lengths.at(-1) ?? damaged()) : 0;
        const times = value === 16 ? 3 + bits(2) : value === 17 ? 3 + bits(3) : 11 + bits(7);
        for (let index = 0; index < times; index++) lengths.push(repeated);
      }
    }
    return [codeOf(lengths.slice(0, literalCount)), codeOf(lengths.slice(literalCount, literalCount + distanceCount))];
  };

  for (let last = false; !last; ) {
    last = bits(1) === 1;
    const kind = bits(2);
    if (kind === 0) stored();
    else if (kind === 1) compressed(...fixed());
    else if (kind === 2) compressed(...written());
    else damaged();
  }
  return out.subarray(0, length);
}

function damaged(): never {
  throw new RangeError('compressed data is damaged');
}

function startOf(extra: readonly number[], code: number): number {
  let start = 0;
  for (let index = 0; index < code; index++) start += 1 << (extra[index] ?? 0);
  return start;
}

function codeOf(lengths: readonly number[]): Code {
  const counts = new Array<number>(15).fill(0);
  for (const length of lengths) if (length > 0) counts[length - 1] = (counts[length - 1] ?? 0) + 1;
  // Where the symbols of each length begin.
  const places: number[] = [];
  let next = 0;
  for (const count of counts) {
    places.push(next);
    next += count;
  }
  const symbols = new Array<number>(next).fill(0);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const place = places[length - 1] ?? damaged();
    symbols[place] = symbol;
    places[length - 1] = place + 1;
  }
  return { counts, symbols };
}

/** The codes of blocks that bring none. RFC 1951, 3.2.6. */
function fixed(): [Code, Code] {
  const lengths = Array.from({ length: 288 }, (_, value) => (value < 144 ? 8 : value < 256 ? 9 : value < 280 ? 7 : 8));
  return [codeOf(lengths), codeOf(new Array<number>(30).fill(5))];
}
