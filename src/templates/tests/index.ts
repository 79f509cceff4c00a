/** The tests of Jinja2, i.e. what can follow `is`. */
import type { Test } from '../python/index.ts';

/** Tests by name, the signs of comparisons among them. */
export const tests: ReadonlyMap<string, Test> = new Map();
