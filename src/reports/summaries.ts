/** The job summary of each action: what it did to which image, and why. */
import type {
  BuildRecord,
  PushRecord,
  RenderedImage,
  RenderRecord,
  TestedImage,
  TestRecord,
  Upstream,
} from '../images/records.ts';
import { type Cell, code, codeBlock, details, document, link, type Markdown, stack, table } from './markdown.ts';
import { type GraphNode, mermaidGraph } from './mermaid.ts';
import { count, duration, shortDigest, shortReference, status, tally } from './words.ts';

export function renderSummary(record: RenderRecord): string {
  const { ref, images } = record;
  const toBuild = images.filter(({ build }) => build.needed).length;
  const rows = images.map((image): readonly Cell[] => [
    code(image.name),
    stack(image.tags.map(code)),
    stack(image.upstreams.map(upstreamText)),
    decision(image.build),
    decision(image.test),
  ]);
  const commit = link(ref.revision.slice(0, 12), `${ref.url}/commit/${ref.revision}`).markdown;
  return document([
    `### Render: ${count(images.length, 'image')}, ${toBuild} to build`,
    `${code(ref.name).markdown} at ${commit}`,
    table(['Image', 'Tags', 'Upstreams', 'Build', 'Test'], rows),
    details('Graph', repositoryGraph(record)),
  ]);
}

function decision({ needed, reason }: RenderedImage['build']): Markdown {
  return stack([needed ? 'yes' : 'no', reason]);
}

function upstreamText(upstream: Upstream): Markdown {
  if (upstream.kind === 'source') return code(`${upstream.repository}#${upstream.ref} ${upstream.commit.slice(0, 12)}`);
  if (upstream.kind === 'image') return code(`${upstream.written} ${upstream.digest.slice(0, 19)}`);
  return code(`${upstream.written} ${upstream.kind}`);
}

function repositoryGraph({ images, registry }: RenderRecord): string {
  const nodes = new Map<string, GraphNode>();
  const idOf = (upstream: Upstream): string =>
    upstream.kind === 'source' ? `${upstream.repository}#${upstream.ref}` : upstream.reference;
  const edges = images.flatMap(({ name, upstreams }) =>
    upstreams.map((upstream) => ({
      from: upstream.kind === 'pending' ? `image ${upstream.image}` : idOf(upstream),
      to: `image ${name}`,
    })),
  );
  for (const { upstreams } of images) {
    for (const upstream of upstreams) {
      if (upstream.kind === 'pending') continue;
      const id = idOf(upstream);
      const label = upstream.kind === 'source' ? id : shortReference(upstream.reference, registry);
      nodes.set(id, { id, label, state: upstream.kind === 'missing' ? 'blocked' : 'outside' });
    }
  }
  for (const { name, build, waiting } of images)
    nodes.set(`image ${name}`, {
      id: `image ${name}`,
      label: name,
      state: waiting ? 'waiting' : build.needed ? 'ready' : 'settled',
    });
  return mermaidGraph({ nodes: [...nodes.values()], edges });
}

export function buildSummary(render: RenderRecord, { images }: BuildRecord): string {
  const platforms = new Map(render.images.map((image) => [image.name, image.platforms]));
  const rows = images.map((image): readonly Cell[] => [
    code(image.name),
    status(image.status),
    stack((platforms.get(image.name) ?? []).map(code)),
    duration(image.durationMs),
    image.reason,
  ]);
  return document([
    `### Build: ${tally(images.map((image) => image.status)) || 'no images'}`,
    rows.length > 0 ? table(['Image', 'Status', 'Platforms', 'Time', 'Reason'], rows) : '',
  ]);
}

export function testSummary(phase: 'spec' | 'integration', { images }: TestRecord): string {
  const rows = images.map((image): readonly Cell[] => [
    code(image.name),
    status(image.status),
    checksText(image),
    duration(image.checks.reduce((sum, check) => sum + check.durationMs, 0)),
    image.reason,
  ]);
  return document([
    `### Test (${phase}): ${tally(images.map((image) => image.status)) || 'no images'}`,
    rows.length > 0 ? table(['Image', 'Status', 'Checks', 'Time', 'Reason'], rows) : '',
    ...images.flatMap(failedChecks),
  ]);
}

function checksText({ checks }: TestedImage): string {
  return tally(checks.map((check) => check.status));
}

function failedChecks({ name, checks }: TestedImage): readonly string[] {
  return checks
    .filter((check) => check.status === 'failed')
    .map(({ title, message = '' }) => details(`${name}: ${title}`, codeBlock(message.slice(0, 20_000))));
}

export function pushSummary({ images }: PushRecord): string {
  const rows = images.map((image): readonly Cell[] => [
    code(image.name),
    status(image.status),
    stack([...(image.tags.length > 0 ? [code(image.reference)] : []), ...image.tags.map(code)]),
    shortDigest(image.digest),
    image.changed ? 'yes' : 'no',
    image.reason,
  ]);
  return document([
    `### Push: ${tally(images.map((image) => image.status)) || 'no images'}`,
    rows.length > 0 ? table(['Image', 'Status', 'Reference and tags', 'Digest', 'Changed', 'Reason'], rows) : '',
  ]);
}
