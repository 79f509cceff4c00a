/**
 * The plan of a rotation: mark and sweep. What the rules, a mark or a published tag keep, keeps all that belongs to it
 * and all that it was built on; the rest goes.
 */
import { holdAnnotations, isHolding } from '../images/hold.ts';
import { labels } from '../images/labels.ts';
import type { Digest } from '../images/records.ts';
import { freedBytes, storedBytes } from './bytes.ts';
import { createGraph, type Graph, type Node, nameOf, tagsOf } from './graph.ts';
import { deletionOrder } from './order.ts';
import { judge, type Verdict } from './rules.ts';
import { summarise } from './summary.ts';
import type { DeletedManifest, Hold, KeptManifest, RepositoryInput, RepositoryPlan, RotationPlan } from './types.ts';

/**
 * @param inputs all images of the fleet whose builds may stand on each other
 * @param retagged manifests that got a tag since the listing: they stay, with all that belongs to them
 */
export function planRotation(
  inputs: readonly RepositoryInput[],
  now: Date,
  retagged: ReadonlySet<Digest> = new Set(),
): RotationPlan {
  const graph = createGraph(inputs);
  const verdicts = judge(graph, now);
  const holds = graph.nodes.flatMap((node) => holdsOf(node, now));
  const kept = mark(graph, verdicts, holds, retagged);
  const stays = (node: Node): boolean => kept.has(node) || !node.input.rotate;
  const owners = ownersOf(graph.nodes, (node) => !stays(node), verdicts);
  const deleted = inputs.map((input) =>
    deletionsOf(graph.nodesOf(input), (node) => node.input === input && !stays(node), verdicts),
  );
  const freed = freedBytes(graph.nodes.filter(stays), deleted);
  const held = new Set(holds.filter(({ mark: { active } }) => active).map(({ build }) => build));
  return {
    repositories: inputs.map((input, at): RepositoryPlan => {
      const gone = deleted[at] ?? [];
      const bytes = freed[at] ?? [];
      const staying = graph.nodesOf(input).filter(stays);
      return {
        repository: input.listing.repository,
        kept: staying.map((node) => keptManifest(node, kept.get(node), verdicts.get(node))),
        deleted: gone.map((node) => deletedManifest(node, owners.get(node), verdicts)),
        holds: holds.filter(({ build }) => build.input === input).map(({ mark }) => mark),
        classes: summarise({
          staying,
          gone,
          held,
          verdicts,
          classOf: (node) => classOf(node, owners, verdicts),
          freed: bytes,
        }),
        bytesFreed: bytes.reduce((sum, own) => sum + own, 0),
        bytesKept: storedBytes(staying),
      };
    }),
  };
}

interface Mark {
  readonly mark: Hold;
  readonly build: Node;
}

/** The marks that a manifest bears, or that it is the record of. */
function holdsOf(node: Node, now: Date): Mark[] {
  const { annotations = {} } = node.manifest;
  // A record that is not whole holds nothing.
  const build = node.role === 'hold' ? node.refersTo[0] : node;
  if (build === undefined) return [];
  const said = {
    by: annotations[holdAnnotations.by],
    reason: annotations[holdAnnotations.reason],
    since: annotations[labels.created],
    run: annotations[holdAnnotations.run],
  };
  const known =
    node.role === 'hold' ? Object.entries(said).filter(([, text]) => text !== undefined && text !== '') : [];
  return tagsOf(node).flatMap(({ tag, is }) => {
    if (is.kind !== 'hold') return [];
    const hold = { tag, ...is.hold, digest: build.manifest.digest, active: isHolding(is.hold, now) };
    return [{ build, mark: { ...hold, ...Object.fromEntries(known) } }];
  });
}

/** Everything that stays, with the reasons. */
function mark(
  graph: Graph,
  verdicts: ReadonlyMap<Node, Verdict>,
  holds: readonly Mark[],
  retagged: ReadonlySet<Digest>,
): ReadonlyMap<Node, readonly string[]> {
  const kept = new Map<Node, string[]>();
  const queue: Node[] = [];
  const root = (node: Node, reason: string): void => {
    const reasons = kept.get(node);
    if (reasons !== undefined) {
      reasons.push(reason);
      return;
    }
    kept.set(node, [reason]);
    queue.push(node);
  };
  const active = new Set(
    holds
      .filter(({ mark: { active: holding } }) => holding)
      .map(({ mark: { tag }, build }) => `${build.input.listing.repository}:${tag}`),
  );
  for (const { mark: hold, build } of holds) if (hold.active) root(build, holdText(hold));
  for (const node of graph.nodes) {
    const { listing } = node.input;
    if (node.role === 'hold' && node.manifest.tags.some((tag) => active.has(`${listing.repository}:${tag}`)))
      root(node, 'a mark that holds');
    if (retagged.has(node.manifest.digest)) root(node, 'it got a tag while the rotation went on');
    for (const reason of verdicts.get(node)?.reasons ?? []) root(node, reason);
  }
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (const { to, as } of node.keeps) {
      if (kept.has(to)) continue;
      kept.set(to, [as === 'built on' ? `${nameOf(node)} was built on it` : `${as} of ${nameOf(node)}`]);
      queue.push(to);
    }
  }
  return kept;
}

function holdText({ name, until, by, reason }: Hold): string {
  const end = until === undefined ? '' : ` until ${until}`;
  return `held as ${name}${end}${by === undefined ? '' : ` by ${by}`}${reason === undefined ? '' : `: ${reason}`}`;
}

/** The build that each doomed manifest goes with: the one itself, or one that it belongs to. */
function ownersOf(
  nodes: readonly Node[],
  goes: (node: Node) => boolean,
  verdicts: ReadonlyMap<Node, Verdict>,
): ReadonlyMap<Node, Node> {
  const owners = new Map<Node, Node>();
  const builds = oldestFirst(
    nodes.filter((node) => node.role === 'build' && goes(node)),
    verdicts,
  );
  for (const build of builds) owners.set(build, build);
  for (const build of builds) {
    const queue = [build];
    for (let node = queue.pop(); node !== undefined; node = queue.pop())
      for (const { to, belongs } of node.keeps) {
        if (!belongs || owners.has(to) || !goes(to)) continue;
        owners.set(to, build);
        queue.push(to);
      }
  }
  return owners;
}

function oldestFirst(builds: readonly Node[], verdicts: ReadonlyMap<Node, Verdict>): Node[] {
  const time = (node: Node): number => verdicts.get(node)?.publishedAt ?? 0;
  return [...builds].sort(
    (one, other) => time(one) - time(other) || (one.manifest.digest < other.manifest.digest ? -1 : 1),
  );
}

/** @param nodes of one repository */
function deletionsOf(
  nodes: readonly Node[],
  goes: (node: Node) => boolean,
  verdicts: ReadonlyMap<Node, Verdict>,
): readonly Node[] {
  const doomed = nodes.filter(goes);
  const builds = oldestFirst(
    doomed.filter(({ role }) => role === 'build'),
    verdicts,
  );
  const ordered = deletionOrder(builds, doomed, goes);
  // What leads to the rest goes when the rest is gone.
  return [...ordered.filter(({ role }) => role !== 'pending'), ...ordered.filter(({ role }) => role === 'pending')];
}

function keptManifest(node: Node, reasons: readonly string[] | undefined, verdict: Verdict | undefined): KeptManifest {
  return {
    digest: node.manifest.digest,
    tags: node.manifest.tags,
    ...(verdict === undefined ? {} : { class: verdict.class, ...timeOf(verdict) }),
    reasons: reasons ?? ['this rotation only looks at it'],
  };
}

function deletedManifest(node: Node, owner: Node | undefined, verdicts: ReadonlyMap<Node, Verdict>): DeletedManifest {
  const { digest, tags, mediaType } = node.manifest;
  const verdict = owner === undefined ? undefined : verdicts.get(owner);
  const created = node.manifest.labels?.[labels.created];
  return {
    digest,
    tags,
    mediaType,
    ...(verdict === undefined ? {} : { class: verdict.class, ...timeOf(verdict) }),
    ...(created === undefined ? {} : { created }),
    ...(owner === undefined ? {} : { build: owner.manifest.digest }),
    reason: reasonOf(node, owner, verdict),
  };
}

function reasonOf(node: Node, owner: Node | undefined, verdict: Verdict | undefined): string {
  if (node === owner) return verdict?.expired || 'a rotation that ended half-way was about to delete it';
  if (node.role === 'hold') return 'a mark that holds no longer';
  if (node.role === 'pending') return 'the mark of a rotation that ended half-way';
  if (owner === undefined && node.role === 'publication' && node.refersTo.length > 0)
    return 'the same build was published from there again';
  return owner === undefined ? 'what it belongs to is gone' : ['belongs to', nameOf(owner)].join(' ');
}

function timeOf({ publishedAt }: Verdict): { publishedAt?: string } {
  return publishedAt === undefined ? {} : { publishedAt: new Date(publishedAt).toISOString() };
}

function classOf(
  node: Node,
  owners: ReadonlyMap<Node, Node>,
  verdicts: ReadonlyMap<Node, Verdict>,
): Verdict['class'] | undefined {
  return verdicts.get(owners.get(node) ?? node)?.class;
}
