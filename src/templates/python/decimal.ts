/** Floats in decimal digits, rounded correctly (half to even), as C's printf and Python's `round` do. */

/** Sign, exponent and digits of a float: value = digits × 10^(exponent - digits.length + 1). */
export interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

const view = new DataView(new ArrayBuffer(8));

/** The float as mantissa × 2^exponent. */
function exact(value: number): { mantissa: bigint; exponent: number } {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0) & 0x7fffffffffffffffn;
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** numerator / denominator, rounded half to even. */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  return twice > denominator || (twice === denominator && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

/** value × 10^power as an integer. */
function scale(value: number, power: number): bigint {
  const { mantissa, exponent } = exact(value);
  const numerator = mantissa * (power > 0 ? 10n ** BigInt(power) : 1n) * (exponent > 0 ? 1n << BigInt(exponent) : 1n);
  const denominator = (power < 0 ? 10n ** BigInt(-power) : 1n) * (exponent < 0 ? 1n << BigInt(-exponent) : 1n);
  return divideRounded(numerator, denominator);
}

/** A finite float that is not negative with this many decimals. */
export function fixedDigits(value: number, decimals: number): string {
  // A float has no more than 1074 decimals; the others are zeros.
  const known = Math.min(decimals, 1100);
  const digits = scale(value, known)
    .toString()
    .padStart(known + 1, '0');
  const point = digits.length - known;
  const fraction = digits.slice(point) + '0'.repeat(decimals - known);
  return fraction === '' ? digits : `${digits.slice(0, point)}.${fraction}`;
}

/** A finite float that is not negative in this many significant digits (at least 1). */
export function significantDigits(value: number, count: number): Digits {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  const known = Math.min(count, 1100);
  let exponent = Math.floor(Math.log10(value));
  for (;;) {
    const digits = scale(value, known - 1 - exponent).toString();
    if (digits.length === known) return { digits: digits + '0'.repeat(count - known), exponent };
    exponent += digits.length - known;
  }
}

/** The fewest digits that read back as the same finite float, which is not negative. */
export function shortestDigits(value: number): Digits {
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return { digits: digits.replace('.', ''), exponent: Number(exponent) };
}

/** A float rounded to this many decimals, before the point if negative. */
export function roundFloat(value: number, decimals: number): number {
  if (!Number.isFinite(value) || value === 0 || decimals > 330) return value;
  if (decimals < -310) return value < 0 ? -0 : 0;
  const rounded =
    decimals >= 0
      ? Number(fixedDigits(Math.abs(value), decimals))
      : Number(`${scale(Math.abs(value), decimals)}e${-decimals}`);
  return value < 0 ? -rounded : rounded;
}

/** base ** exponent, correctly rounded, for an exponent that is an integer of at most 1100. */
export function powFloat(base: number, exponent: number): number {
  const { mantissa, exponent: shift } = exact(base);
  const magnitude = Math.abs(exponent);
  const power = mantissa ** BigInt(magnitude);
  const twos = shift * magnitude;
  const sign = base < 0 && magnitude % 2 === 1 ? -1 : 1;
  return sign * (exponent < 0 ? rationalToFloat(1n, power, -twos) : rationalToFloat(power, 1n, twos));
}

/** numerator / denominator × 2^exponent as the nearest float. */
function rationalToFloat(numerator: bigint, denominator: bigint, exponent: number): number {
  const length = (value: bigint) => value.toString(16).length * 4;
  const shift = length(denominator) - length(numerator) + 72;
  const scaled = shift > 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift < 0 ? denominator << BigInt(-shift) : denominator;
  const quotient = scaled / divisor;
  const sticky = quotient * divisor === scaled ? quotient : quotient | 1n;
  const twos = exponent - shift;
  // In two steps, since 2 ** twos itself may be out of range where the result is not.
  const half = Math.trunc(twos / 2);
  return Number(sticky) * 2 ** half * 2 ** (twos - half);
}
