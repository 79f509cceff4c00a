/** Which images of a run may be published, and how: pure. */

import { memoryTags } from '../images/keys.ts';
import type { BuildRecord, RenderedImage, RenderRecord, TestedImage, TestRecord } from '../images/records.ts';
import { parseReference, repositoryOf } from '../images/reference.ts';

export interface PublishDecision {
  readonly name: string;
  /** `push` what the engine holds, `retag` what the registry holds already, or leave the image as it is. */
  readonly action: 'push' | 'retag' | 'refuse' | 'wait';
  readonly reason: string;
}

export interface RunResults {
  readonly build: BuildRecord | undefined;
  readonly spec: TestRecord | undefined;
  readonly integration: TestRecord | undefined;
}

/**
 * One decision an image, in the record's order, which has upstreams first. Nothing is published of an image that
 * failed or was not tested, nor of the images on top of it.
 */
export function decidePublications(render: RenderRecord, results: RunResults): PublishDecision[] {
  const decided = new Map<string, PublishDecision>();
  for (const image of render.images) decided.set(image.name, decide(image, render, results, decided));
  return [...decided.values()];
}

function decide(
  image: RenderedImage,
  render: RenderRecord,
  results: RunResults,
  decided: ReadonlyMap<string, PublishDecision>,
): PublishDecision {
  const refuse = (reason: string): PublishDecision => ({ name: image.name, action: 'refuse', reason });
  if (image.waiting) return { name: image.name, action: 'wait', reason: image.build.reason };
  for (const upstream of upstreamImages(image, render)) {
    const decision = decided.get(upstream);
    if (decision?.action === 'refuse') return refuse(`it is built on ${upstream}, which is not published`);
    if (decision?.action === 'wait') return { name: image.name, action: 'wait', reason: `${upstream} is waiting` };
  }
  const spec = find(results.spec, image.name);
  if (spec?.status === 'failed') return refuse('its spec tests failed');
  if (image.build.needed) {
    const built = results.build?.images.find(({ name }) => name === image.name);
    if (built === undefined) return refuse('it has not been built in this job');
    if (built.status !== 'built' || built.image === undefined)
      return refuse(`its build ${built.status}: ${built.reason}`);
  }
  if (image.test.needed) {
    const tested = find(results.integration, image.name);
    if (tested === undefined) return refuse('its integration tests have not been run in this job');
    if (tested.status !== 'passed') return refuse(`its integration tests ${tested.status}: ${tested.reason}`);
    const built = results.build?.images.find(({ name }) => name === image.name)?.image;
    // What was tested and what is published must be the same bytes.
    if (image.build.needed && tested.id !== undefined && tested.id !== built?.id)
      return refuse('another image than the one that was built has been tested');
  }
  return image.build.needed
    ? { name: image.name, action: 'push', reason: image.build.reason }
    : { name: image.name, action: 'retag', reason: image.build.reason };
}

/** Names of the images of the same run that an image is built on. */
export function upstreamImages(image: RenderedImage, render: RenderRecord): string[] {
  return image.upstreams.flatMap((upstream) => {
    if (upstream.kind === 'pending') return [upstream.image];
    if (upstream.kind !== 'image') return [];
    // By repository: on a branch, a Dockerfile still writes the main tag.
    const repository = repositoryOf(parseReference(upstream.reference));
    const parent = render.images.find((other) => other.repository === repository && other.digest === upstream.digest);
    return parent === undefined || parent.name === image.name ? [] : [parent.name];
  });
}

function find(record: TestRecord | undefined, name: string): TestedImage | undefined {
  return record?.images.find((image) => image.name === name);
}

/** Tags in the order in which they are written: what says how a digest came about first, the point of publication last. */
export function tagOrder(
  keys: { readonly build: string; readonly input: string; readonly tests: string },
  content: string | undefined,
  tags: readonly string[],
): string[] {
  const [main, ...siblings] = tags;
  return [
    memoryTags.build(keys.build),
    ...(content === undefined ? [] : [memoryTags.content(content)]),
    memoryTags.tests(keys.tests),
    memoryTags.input(keys.input),
    ...siblings,
    ...(main === undefined ? [] : [main]),
  ];
}
