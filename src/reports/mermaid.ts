/** Graphs as Mermaid, which GitHub draws: https://mermaid.js.org/syntax/flowchart.html */

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly state: NodeState;
  /** Nodes of one group are shown as one where there are too many, e.g. the repository of an image. */
  readonly group?: string;
}

export interface GraphEdge {
  /** The upstream. */
  readonly from: string;
  /** The dependent. */
  readonly to: string;
}

export interface GraphPicture {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** From the one to look at first to the one that needs no look: a group shows the first that is in it. */
const states = ['failed', 'blocked', 'ready', 'waiting', 'changed', 'settled', 'outside'] as const;

export type NodeState = (typeof states)[number];

const colours: Readonly<Record<NodeState, string>> = {
  failed: 'fill:#ffebe9,stroke:#cf222e,color:#82071e',
  blocked: 'fill:#fff1e5,stroke:#bc4c00,color:#762c00',
  ready: 'fill:#ddf4ff,stroke:#0969da,color:#0a3069',
  waiting: 'fill:#fff8c5,stroke:#9a6700,color:#4d2d00',
  changed: 'fill:#fbefff,stroke:#8250df,color:#3e1f79',
  settled: 'fill:#dafbe1,stroke:#1a7f37,color:#044f1e',
  outside: 'fill:#f6f8fa,stroke:#6e7781,color:#24292f',
};

const mostNodes = 100;
const mostBeside = 30;
/** Mermaid refuses more. */
const mostEdges = 500;

/** A fenced flowchart, coloured by state, upstreams above (of many: left of) dependents. Empty without nodes. */
export function mermaidGraph(picture: GraphPicture): string {
  const folded = picture.nodes.length > mostNodes ? foldGroups(picture) : picture;
  const shown = folded.nodes.toSorted((a, b) => states.indexOf(a.state) - states.indexOf(b.state)).slice(0, mostNodes);
  if (shown.length === 0) return '';
  const kept = new Set(shown);
  const inOrder = folded.nodes.filter((node) => kept.has(node));
  const ids = new Map(inOrder.map(({ id }, index) => [id, `n${index}`]));
  const between = folded.edges.flatMap(({ from, to }) => {
    const [a, b] = [ids.get(from), ids.get(to)];
    return a === undefined || b === undefined ? [] : [`${a} --> ${b}`];
  });
  const edges = [...new Set(between)];
  const used = states.filter((state) => inOrder.some((node) => node.state === state));
  const notes = [
    folded === picture ? '' : `${picture.nodes.length} images, those of one repository shown as one.`,
    folded.nodes.length > shown.length ? `${folded.nodes.length - shown.length} more are not shown.` : '',
    edges.length > mostEdges ? `${edges.length - mostEdges} more lines are not drawn.` : '',
  ].filter((note) => note !== '');
  const lines = [
    // Many beside each other are too small to be read; below each other, the page grows.
    `flowchart ${shown.length > mostBeside ? 'LR' : 'TD'}`,
    ...inOrder.map(({ id, label, state }) => `${ids.get(id) ?? ''}["${nodeText(label)}"]:::${state}`),
    ...edges.slice(0, mostEdges),
    ...used.map((state) => `classDef ${state} ${colours[state]}`),
  ];
  const chart = `\`\`\`mermaid\n${lines.join('\n')}\n\`\`\``;
  return [chart, ...(notes.length > 0 ? [`_${notes.join(' ')}_`] : [])].join('\n\n');
}

function foldGroups({ nodes, edges }: GraphPicture): GraphPicture {
  const groups = Map.groupBy(nodes, ({ id, group }) => group ?? id);
  const groupOf = new Map(nodes.map(({ id, group }) => [id, group ?? id]));
  return {
    nodes: [...groups].map(([group, members]): GraphNode => {
      const [first] = members;
      const label = first !== undefined && members.length === 1 ? first.label : `${group} (${members.length})`;
      const worst = states.find((state) => members.some((member) => member.state === state));
      return { id: group, label, state: worst ?? 'outside' };
    }),
    edges: edges.flatMap((edge) => {
      const from = groupOf.get(edge.from);
      const to = groupOf.get(edge.to);
      return from === undefined || to === undefined || from === to ? [] : [{ from, to }];
    }),
  };
}

/** Everything but plain characters as Mermaid's entities, `#34;` for a quote: a label can't leave its quotes. */
function nodeText(label: string): string {
  if (/^[A-Za-z0-9.:/,()+-]{0,80}$/.test(label)) return label;
  const line = label.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  const short = [...line].length > 80 ? `${[...line].slice(0, 79).join('')}…` : line;
  return short.replace(/[^\p{L}\p{N} .:/,()+…-]/gu, (char) => `#${char.codePointAt(0)};`);
}
