/** The filters of Jinja2. */
import type { Filter } from '../python/index.ts';

/** Filters by name. */
export const filters: ReadonlyMap<string, Filter> = new Map();
