/** What becomes of an image whose build or test failed, and of those that are built on it. */
import type { Decision, Facts } from './decision.ts';
import { imageAt, nameOfUpstream, upstreamsAt } from './graph.ts';
import { isHeldTooLong, retryTime } from './retry.ts';
import type { Attempts, FleetImage } from './types.ts';

/** The image failed in this very run. */
export function failedNow(image: FleetImage, facts: Facts): Decision {
  const reason = 'its last build or test failed; what was published before stays';
  return { state: 'blocked', reason, ...released(image, facts) };
}

/** The image is not up to date, though nothing keeps it waiting, and the last runs of its repository failed. */
export function failedBefore(image: FleetImage, attempts: Attempts, facts: Facts): Decision {
  const { failures } = attempts;
  const retryAt = retryTime(attempts, facts.policy);
  const due = retryAt <= facts.now ? 'is due now' : `is due in ${hoursText(retryAt - facts.now)}`;
  const last = failures === 1 ? 'its last run failed' : `its last ${failures} runs failed`;
  const reason = `${last}, the next try ${due}; what was published before stays`;
  return { state: 'blocked', reason, retryAt, ...released(image, facts) };
}

/** The failed runs that count against an image as it is now; `undefined` for inputs that nobody has tried yet. */
export function failuresOf(position: number, { graph, state, changed }: Facts): Attempts | undefined {
  const image = imageAt(graph, position);
  const attempts = state.attempts?.get(image.repository);
  if (attempts === undefined || attempts.failures === 0) return undefined;
  const { revision } = attempts;
  if (revision !== undefined && image.revision !== undefined && revision !== image.revision) return undefined;
  const isNew = upstreamsAt(graph, position).some((upstream) => changed.has(upstream));
  return isNew || image.upstreams.some((upstream) => state.changed?.has(nameOfUpstream(upstream)))
    ? undefined
    : attempts;
}

/** `builds on the last good python, which has failed for 26 h`. */
export function lastGoodReason(reason: string, positions: readonly number[], { graph, state, now }: Facts): string {
  const names = positions.map((position) => {
    const { name, repository } = imageAt(graph, position);
    const since = state.attempts?.get(repository)?.firstFailure ?? now;
    return `${name}, which has failed for ${hoursText(now - since)}`;
  });
  return `${reason}; on the last good ${names.join(', and ')}`;
}

function released({ reference, repository }: FleetImage, { state, now, policy }: Facts): { released?: boolean } {
  const attempts = state.attempts?.get(repository);
  const held = attempts !== undefined && attempts.failures > 0 && isHeldTooLong(attempts, now, policy);
  return held && state.published.has(reference) ? { released: true } : {};
}

/** `26 h`, `40 min`. */
function hoursText(milliseconds: number): string {
  const minutes = Math.max(1, Math.ceil(milliseconds / 60_000));
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
