/** Slices. */
import { raise } from './errors.ts';
import type { Evaluation, Limits } from './evaluation.ts';
import { asIndex } from './integers.ts';
import { Markup } from './markup.ts';
import { Range } from './range.ts';
import { characters, isPlain } from './text.ts';
import { describe } from './types.ts';
import { Tuple, Undefined, type Value } from './values.ts';

interface Bounds {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
}

/** `value[start:stop:step]`; what is left out is `null`. */
export function slice(value: Value, start: Value, stop: Value, step: Value, { limits }: Evaluation): Value {
  if (value instanceof Undefined) value.fail();
  const within = (length: number) => {
    const part = bounds(length, start, stop, step);
    if (typeof value !== 'string') limits.grow(part.length);
    return part;
  };
  if (typeof value === 'string') return sliceText(value, within, limits);
  if (Array.isArray(value)) return pick(value, within(value.length));
  if (value instanceof Tuple) return new Tuple(pick(value.items, within(value.items.length)));
  if (value instanceof Markup) return new Markup(sliceText(value.text, within, limits));
  if (value instanceof Range) {
    const part = within(value.length());
    return new Range(value.at(part.start), value.at(part.stop), value.step * part.step);
  }
  return raise(`${describe(value)} has no slices`);
}

function sliceText(text: string, within: (length: number) => Bounds, limits: Limits): string {
  const units = isPlain(text) ? undefined : characters(text);
  const part = within(units?.length ?? text.length);
  if (part.step === 1 && units === undefined) return text.slice(part.start, part.start + part.length);
  limits.grow(text.length);
  return pick(units ?? text.split(''), part).join('');
}

function pick<Item>(items: readonly Item[], { start, step, length }: Bounds): Item[] {
  if (step === 1) return items.slice(start, start + length);
  const picked: Item[] = [];
  for (let index = start; picked.length < length; index += step) {
    const item = items[index];
    if (item !== undefined) picked.push(item);
  }
  return picked;
}

function bounds(length: number, start: Value, stop: Value, step: Value): Bounds {
  const by = step === null ? 1 : asIndex(step, 'the step of a slice');
  if (by === 0) raise('the step of a slice can not be 0');
  const least = by < 0 ? -1 : 0;
  const most = by < 0 ? length - 1 : length;
  const place = (value: Value, preset: number, what: string) => {
    if (value === null) return preset;
    const index = asIndex(value, what);
    return index < 0 ? Math.max(index + length, least) : Math.min(index, most);
  };
  const from = place(start, by < 0 ? most : least, 'the start of a slice');
  const to = place(stop, by < 0 ? least : most, 'the end of a slice');
  return { start: from, stop: to, step: by, length: Math.max(0, Math.ceil((to - from) / by)) };
}
