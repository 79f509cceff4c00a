/** Where a tool that tests compare with is missing. */
import { describe } from '@jest/globals';

/** The checks of a commit install all tools, and do not let their absence pass. */
export const required = process.env.IMAGE_CASCADE_REQUIRE_TOOLS !== undefined;

/** `describe` where the tool is there, or has to be; else a skip that says how to get it. */
export function describeWith(there: boolean, missing: string): typeof describe | typeof describe.skip {
  if (there || required) return describe;
  console.warn(`Skipped: ${missing}`);
  return describe.skip;
}
