/** The job summary of each action: what it did to which image, and why. */
import type {
  BuildRecord,
  CheckResult,
  PushRecord,
  RenderedImage,
  RenderRecord,
  TestedImage,
  TestRecord,
  Upstream,
} from '../images/records.ts';
import {
  type Cell,
  cellText,
  code,
  codeBlock,
  details,
  document,
  link,
  type Markdown,
  stack,
  table,
} from './markdown.ts';
import { type GraphNode, mermaidGraph } from './mermaid.ts';
import { count, duration, shortDigest, shortReference, status, tally } from './words.ts';

export function renderSummary(record: RenderRecord): string {
  const { ref, images } = record;
  const toBuild = images.filter(({ build }) => build.needed).length;
  const rows = images.map((image): readonly Cell[] => [
    code(image.name),
    stack(image.tags.map(code)),
    stack(image.upstreams.map((upstream) => upstreamText(upstream, record.registry))),
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

function upstreamText(upstream: Upstream, fleet: string): Markdown {
  if (upstream.kind === 'source') return code(`${upstream.repository}#${upstream.ref} ${upstream.commit.slice(0, 12)}`);
  const written = shortReference(upstream.written, fleet);
  return code(`${written} ${upstream.kind === 'image' ? upstream.digest.slice(0, 19) : upstream.kind}`);
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

/** @param logTails last lines of the containers' logs, by image, where something failed */
export function testSummary(
  phase: 'spec' | 'integration',
  { images }: TestRecord,
  logTails: ReadonlyMap<string, readonly string[]> = new Map(),
): string {
  const inOrder = images.toSorted((a, b) => Number(b.status === 'failed') - Number(a.status === 'failed'));
  const rows = inOrder.map((image): readonly Cell[] => [
    code(image.name),
    status(image.status),
    tally(image.checks.map((check) => check.status)),
    image.checks.length === 0 ? '' : duration(image.checks.reduce((sum, check) => sum + check.durationMs, 0)),
    // How many checks had which verdict is there already.
    phase === 'integration' && image.checks.length > 0 ? '' : image.reason,
  ]);
  const headers = ['Image', 'Status', 'Checks', 'Time', ...(rows.some((row) => row[4] !== '') ? ['Reason'] : [])];
  return document([
    `### Test (${phase}): ${tally(inOrder.map((image) => image.status)) || 'no images'}`,
    rows.length > 0 ? table(headers, rows) : '',
    someFailures(inOrder),
    ...inOrder.flatMap(({ name, checks }) => [
      ...checks.filter(isFailed).filter(isLong).map(shownCheck(name)),
      ...(logTails.has(name) ? [details(`${name}: end of its log`, shownText(logTails.get(name) ?? []))] : []),
    ]),
    ...inOrder.map(remarks),
  ]);
}

const mostFailures = 100;
const mostLine = 200;
const mostText = 20_000;

/** One line for each check that failed. */
function someFailures(images: readonly TestedImage[]): string {
  const failures = images.flatMap(({ name, checks }) => checks.filter(isFailed).map((check) => ({ name, check })));
  const lines = failures.slice(0, mostFailures).map(({ name, check: { title, message = '' } }) => {
    const text = `${title}: ${firstLine(message).replace(/:$/, '')}`;
    return `- ❌ ${code(name).markdown} ${cellText(text.length > mostLine ? `${text.slice(0, mostLine)}…` : text)}`;
  });
  const more = failures.length - lines.length;
  return [...lines, ...(more > 0 ? [`- ${more} more are in the log`] : [])].join('\n');
}

/** What is wrong without failing the image: the phase `spec` has such. */
function remarks({ name, checks }: TestedImage): string {
  const lines = checks.flatMap(({ title, status, message = '' }) =>
    status === 'passed' && message !== '' ? message.split('\n').map((line) => `${title}: ${line}`) : [],
  );
  return lines.length === 0 ? '' : details(`${name}: ${count(lines.length, 'remark')}`, shownText(lines));
}

function shownCheck(name: string): (check: CheckResult) => string {
  return ({ title, message = '' }) => details(`${name}: ${title}`, shownText([message]));
}

function shownText(lines: readonly string[]): string {
  const text = lines.join('\n');
  return codeBlock(text.length > mostText ? `${text.slice(0, mostText)}…` : text);
}

function isFailed({ status }: CheckResult): boolean {
  return status === 'failed';
}

function isLong({ title, message = '' }: CheckResult): boolean {
  return message !== firstLine(message) || title.length + message.length > mostLine;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

export function pushSummary({ images }: PushRecord): string {
  const rows = images.map((image): readonly Cell[] => [
    code(image.name),
    status(image.status),
    // In one column, so that the reason has room.
    stack([
      ...(image.tags.length === 0
        ? []
        : [image.reference, ...image.tags.filter((tag) => !image.reference.endsWith(`:${tag}`))].map(code)),
      ...(image.digest === undefined ? [] : [shortDigest(image.digest)]),
    ]),
    image.changed ? 'yes' : 'no',
    image.reason,
  ]);
  return document([
    `### Push: ${tally(images.map((image) => image.status)) || 'no images'}`,
    rows.length > 0 ? table(['Image', 'Status', 'Reference, tags, digest', 'Changed', 'Reason'], rows) : '',
  ]);
}
