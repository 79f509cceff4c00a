import { describe, expect, it } from '@jest/globals';
import { type GraphNode, mermaidGraph } from '../../src/reports/index.ts';

const node = (id: string, state: GraphNode['state'] = 'settled', group?: string): GraphNode => ({
  id,
  label: id,
  state,
  ...(group === undefined ? {} : { group }),
});

describe('a graph', () => {
  it('shows nodes with their state, and edges between nodes that are there', () => {
    const picture = {
      nodes: [node('base'), node('web', 'ready')],
      edges: [
        { from: 'base', to: 'web' },
        { from: 'elsewhere', to: 'web' },
      ],
    };
    expect(mermaidGraph(picture).split('\n').slice(0, 5)).toEqual([
      '```mermaid',
      'flowchart TD',
      'n0["base"]:::settled',
      'n1["web"]:::ready',
      'n0 --> n1',
    ]);
  });

  it('is empty without nodes', () => {
    expect(mermaidGraph({ nodes: [], edges: [] })).toBe('');
  });

  it('has labels that can not leave their quotes', () => {
    const text = mermaidGraph({ nodes: [node('"]:::x\nclick n0 "javascript:x"\n```')], edges: [] });
    expect(text.split('\n')[2]).toBe('n0["#34;#93;:::x click n0 #34;javascript:x#34; #96;#96;#96;"]:::settled');
    expect(text.match(/```/g)).toHaveLength(2);
  });

  it('shows one node for each repository where there are over 100 images', () => {
    const nodes = Array.from({ length: 120 }, (_, at) =>
      node(`image ${at}`, at === 7 ? 'failed' : 'settled', `acme/repository-${at % 3}`),
    );
    const edges = [
      { from: 'image 0', to: 'image 1' },
      { from: 'image 3', to: 'image 4' },
      { from: 'image 0', to: 'image 3' },
    ];
    const text = mermaidGraph({ nodes, edges });
    expect(text).toContain('n0["acme/repository-0 (40)"]:::settled\nn1["acme/repository-1 (40)"]:::failed');
    expect(text.match(/-->/g)).toHaveLength(1);
    expect(text).toContain('120 images, those of one repository shown as one.');
  });

  it('shows the most urgent of over 100 repositories, and says how many it leaves out', () => {
    const nodes = Array.from({ length: 150 }, (_, at) =>
      node(`image ${at}`, at === 149 ? 'ready' : 'settled', `r${at}`),
    );
    const text = mermaidGraph({ nodes, edges: [] });
    expect(text.match(/^n\d+\[/gm)).toHaveLength(100);
    expect(text).toContain('"image 149"');
    expect(text).toContain('50 more are not shown.');
  });
});
