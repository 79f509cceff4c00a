/** Who caused a cascade: carried along in the payload of the events, for people to read. No decision rests on it. */

export interface Origin {
  /** Id of the cascade: of the run that began it. */
  readonly cascade: string;
  /** How many dispatches lie between that run and this one. */
  readonly depth: number;
  /** Page of the run that began it. */
  readonly origin: string;
}

/** The part of `RunRef` that a run tells others about itself. */
export interface Run {
  readonly runId: string;
  readonly runUrl: string;
}

const idPattern = /^[A-Za-z0-9._-]{1,64}$/;
const deepest = 10_000;
const runPath = /^\/[A-Za-z0-9_-]{1,100}\/[A-Za-z0-9._-]{1,100}\/actions\/runs\/\d{1,20}$/;

/**
 * Reads the payload of the event that started this run. Anybody who may send events can write anything into it, so
 * it is taken as a whole when each part is in order, and else not at all.
 */
export function readOrigin(payload: unknown, run: Run): Origin {
  const fresh: Origin = { cascade: run.runId, depth: 0, origin: run.runUrl };
  if (typeof payload !== 'object' || payload === null) return fresh;
  const { cascade, depth, origin }: { cascade?: unknown; depth?: unknown; origin?: unknown } = payload;
  const valid =
    typeof cascade === 'string' &&
    idPattern.test(cascade) &&
    typeof depth === 'number' &&
    Number.isInteger(depth) &&
    depth > 0 &&
    depth <= deepest &&
    typeof origin === 'string' &&
    isRunPage(origin, run.runUrl);
  return valid ? { cascade, depth, origin } : fresh;
}

/** Whether a text is the page of a run on the server that `own` is on. */
function isRunPage(text: string, own: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    url.href === text &&
    url.origin === URL.parse(own)?.origin &&
    runPath.test(url.pathname + url.search + url.hash)
  );
}
