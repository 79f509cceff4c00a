/** Looking for one text in another, in time that grows with their lengths only. */
import { type Limits, work } from './evaluation.ts';

/**
 * JavaScript's own search may take a step for each pair of characters of the two. That is fine up to this many pairs;
 * beyond, the search by Knuth, Morris and Pratt takes over.
 */
const mostPairs = 20_000_000;

function isHard(text: string, wanted: string): boolean {
  return wanted.length > 64 && wanted.length * text.length > mostPairs;
}

/** Index of the first place from `start` on, or -1. */
export function indexOf(text: string, wanted: string, limits: Limits, start = 0): number {
  work(limits, text.length - start);
  if (!isHard(text, wanted)) return text.indexOf(wanted, start);
  for (const place of places(text, wanted, limits, start)) return place;
  return -1;
}

/** Index of the last place, or -1. */
export function lastIndexOf(text: string, wanted: string, limits: Limits): number {
  work(limits, text.length);
  if (!isHard(text, wanted)) return text.lastIndexOf(wanted);
  let last = -1;
  for (const place of places(text, wanted, limits, 0)) last = place;
  return last;
}

/** Indexes of all places that do not overlap, from the left. @param wanted not empty */
export function allIndexes(text: string, wanted: string, limits: Limits): number[] {
  const found: number[] = [];
  if (!isHard(text, wanted)) {
    work(limits, text.length);
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
      limits.tick();
      found.push(at);
    }
    return found;
  }
  let end = 0;
  for (const place of places(text, wanted, limits, 0)) {
    if (place < end) continue;
    found.push(place);
    end = place + wanted.length;
  }
  return found;
}

/** All places, overlapping ones too. */
function* places(text: string, wanted: string, limits: Limits, start: number): Generator<number> {
  const borders = bordersOf(wanted, limits);
  let matched = 0;
  for (let index = start; index < text.length; index++) {
    if ((index & 4095) === 0) limits.tick();
    const unit = text.charCodeAt(index);
    while (matched > 0 && unit !== wanted.charCodeAt(matched)) matched = borders[matched - 1] ?? 0;
    if (unit === wanted.charCodeAt(matched)) matched++;
    if (matched < wanted.length) continue;
    yield index - wanted.length + 1;
    matched = borders[matched - 1] ?? 0;
  }
}

/** For each beginning of the text, how much of its end is a beginning, too. */
function bordersOf(wanted: string, limits: Limits): Int32Array {
  limits.grow(wanted.length);
  const borders = new Int32Array(wanted.length);
  let length = 0;
  for (let index = 1; index < wanted.length; index++) {
    const unit = wanted.charCodeAt(index);
    while (length > 0 && unit !== wanted.charCodeAt(length)) length = borders[length - 1] ?? 0;
    if (unit === wanted.charCodeAt(length)) length++;
    borders[index] = length;
  }
  return borders;
}

/** `text.split(wanted)`. @param wanted not empty */
export function splitAt(text: string, wanted: string, limits: Limits): string[] {
  if (!isHard(text, wanted)) {
    work(limits, text.length);
    return text.split(wanted);
  }
  const parts: string[] = [];
  let start = 0;
  for (const place of allIndexes(text, wanted, limits)) {
    parts.push(text.slice(start, place));
    start = place + wanted.length;
  }
  parts.push(text.slice(start));
  return parts;
}
