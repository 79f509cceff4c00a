/** Reports for people: job summaries in Markdown, graphs. Pure: data in, text out. */
export { type CascadeReport, cascadeSummary } from './cascade.ts';
export {
  type Cell,
  code,
  codeBlock,
  details,
  document,
  escapeText,
  link,
  type Markdown,
  stack,
  table,
} from './markdown.ts';
export { type GraphEdge, type GraphNode, type GraphPicture, mermaidGraph, type NodeState } from './mermaid.ts';
export type { TestPhase } from './phase.ts';
export { holdSummary, type RotationReport, restoreSummary, rotationSummary } from './rotation.ts';
export { buildSummary, pushSummary, renderSummary, testSummary } from './summaries.ts';
export { checkReports, writeReports } from './write-reports.ts';
