/** Which platforms of an upstream an image is built on: the same for who builds it and for who plans. */
import type { Digest, Platform } from './records.ts';

/**
 * The manifests of the platforms that are built for, or, where the upstream has none of them, of the builder's own: a
 * stage may run there only. Empty when there is nothing to build on.
 */
export function platformStates(
  available: Readonly<Record<Platform, Digest>>,
  wanted: readonly Platform[],
): Readonly<Record<Platform, Digest>> {
  const found: Record<Platform, Digest> = {};
  let some = false;
  for (const platform of wanted) {
    const digest = available[platform];
    if (digest === undefined) continue;
    found[platform] = digest;
    some = true;
  }
  if (some) return found;
  const builder = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const digest = available[builder];
  return digest === undefined ? {} : { [builder]: digest };
}
