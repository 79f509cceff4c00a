/** Filters of numbers. */
import {
  asIndex,
  describe,
  div,
  type Evaluation,
  Float,
  floatArgument,
  formatValue,
  intArgument,
  isInt,
  isText,
  mul,
  parseFloatText,
  parseInteger,
  pow,
  raise,
  roundFloat,
  roundInt,
  textOf,
  toInt,
  truncate,
  truth,
  Undefined,
  type Value,
} from '../python/index.ts';
import { filter, type NamedFilter } from './filter.ts';

function isNumber(value: Value): value is number | bigint | boolean | Float {
  return isInt(value) || value instanceof Float;
}

/** The float of a number or a text; `undefined` where there is none. */
function toFloat(value: Value): number | undefined {
  if (isText(value)) return parseFloatText(textOf(value));
  if (value instanceof Undefined) value.fail();
  return isNumber(value) ? floatArgument(value, "the filter 'float'") : undefined;
}

function toInteger(value: Value, preset: Value, base: Value): Value {
  if (isText(value)) {
    const whole = isInt(base) ? parseInteger(textOf(value), Number(base)) : undefined;
    if (whole !== undefined) return whole;
  } else if (isInt(value)) return toInt(value);
  const float = toFloat(value);
  return float === undefined || Number.isNaN(float) ? preset : truncate(float);
}

function abs(value: Value): Value {
  if (value instanceof Undefined) value.fail();
  if (value instanceof Float) return new Float(Math.abs(value.value));
  if (!isInt(value)) return raise(`${describe(value)} has no absolute value`);
  const int = toInt(value);
  return int < 0 ? intArgument(-int, 'abs') : int;
}

function round(value: Value, precision: Value, method: Value, evaluation: Evaluation): Value {
  const how = isText(method) ? textOf(method) : '';
  if (how !== 'common' && how !== 'ceil' && how !== 'floor')
    raise("the method of the filter 'round' has to be common, ceil or floor");
  if (value instanceof Undefined) value.fail();
  if (!isNumber(value)) return raise(`the filter 'round' needs a number, not ${describe(value)}`, 'convert it: |float');
  if (how !== 'common') {
    const unit = pow(10, precision, evaluation);
    const scaled = mul(value, unit, evaluation);
    const whole = scaled instanceof Float ? truncate(Math[how](scaled.value)) : scaled;
    return div(whole, unit, evaluation);
  }
  if (isInt(value)) return roundInt(toInt(value), precision === null ? 0 : asIndex(precision, 'the precision'));
  if (precision === null) return truncate(roundFloat(value.value, 0));
  const rounded = roundFloat(value.value, asIndex(precision, 'the precision'));
  if (!Number.isFinite(rounded) && Number.isFinite(value.value)) raise('the rounded value is too large for a float');
  return new Float(rounded);
}

const decimalUnits = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const binaryUnits = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

function fileSize(value: Value, binary: boolean, evaluation: Evaluation): string {
  const bytes = toFloat(value) ?? raise(`the filter 'filesizeformat' needs a number, not ${describe(value)}`);
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${truncate(bytes)} Bytes`;
  const units = binary ? binaryUnits : decimalUnits;
  const fitting = units.findIndex((_, index) => bytes < base ** (index + 2));
  const index = fitting === -1 ? units.length - 1 : fitting;
  const size = (base * bytes) / Number(BigInt(base) ** BigInt(index + 2));
  return `${formatValue(new Float(size), '.1f', evaluation)} ${units[index]}`;
}

export const numberFilters: readonly NamedFilter[] = [
  filter('abs', '/', abs),
  filter('filesizeformat', '? binary', (value, [binary = false], evaluation) =>
    fileSize(value, truth(binary), evaluation),
  ),
  filter('float', '? default', (value, [preset = new Float(0)]) => {
    const float = toFloat(value);
    return float === undefined ? preset : new Float(float);
  }),
  filter('int', '? default base', (value, [preset = 0, base = 10]) => toInteger(value, preset, base)),
  filter('round', '? precision method', (value, [precision = 0, method = 'common'], evaluation) =>
    round(value, precision, method, evaluation),
  ),
];
