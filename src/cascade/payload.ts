/** What an event tells the repository that gets it, within GitHub's limits. */
import type { Dispatch } from './decide.ts';
import type { Origin } from './origin.ts';

/** https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event */
const mostBytes = 60_000;
const longestReason = 1_000;

export interface Payload {
  readonly [key: string]: unknown;
  readonly cascade: string;
  readonly depth: number;
  readonly origin: string;
  readonly reason: string;
  /** Names of the images that are ready, as many as there is room for. */
  readonly images: readonly string[];
}

export function payloadOf(dispatch: Dispatch, origin: Origin): Payload {
  const reason = shorten(dispatch.reason, longestReason);
  const payload: Payload = { ...origin, depth: origin.depth + 1, reason, images: [] };
  let room = mostBytes - Buffer.byteLength(JSON.stringify(payload));
  const images: string[] = [];
  for (const image of dispatch.images) {
    room -= Buffer.byteLength(JSON.stringify(image)) + 1;
    if (room < 0) break;
    images.push(image);
  }
  return { ...payload, images };
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
