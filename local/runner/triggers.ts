import type { EventsConfig } from '@actions/workflow-parser/model/workflow-template';
import { matchesFilter } from './patterns.ts';
import type { WorkflowEvent } from './types.ts';

/** Paths that an event's commits changed; undefined when that cannot be told, which counts as "all". */
export type ChangedPaths = () => Promise<string[] | undefined>;

interface Filters {
  branches?: string[];
  'branches-ignore'?: string[];
  tags?: string[];
  'tags-ignore'?: string[];
  paths?: string[];
  'paths-ignore'?: string[];
  types?: string[];
}

/** Types of a pull request event that start a workflow whose `on:` names none. */
const PULL_REQUEST_TYPES = ['opened', 'synchronize', 'reopened'];

/** Whether a workflow's `on:` wants this event. */
export async function wantsEvent(
  workflow: { file: string; events: EventsConfig },
  event: WorkflowEvent,
  changedPaths: ChangedPaths,
): Promise<boolean> {
  const filters = workflow.events[event.name] as Filters | { cron: string }[] | undefined;
  if (filters === undefined || event.name === 'workflow_call') return false;
  const payload = event.payload as {
    action?: string;
    workflow?: string;
    schedule?: string;
    pull_request?: { base?: { ref?: string } };
  };
  if (Array.isArray(filters)) {
    return payload.schedule === undefined || filters.some((schedule) => schedule.cron === payload.schedule);
  }
  switch (event.name) {
    case 'push':
      return wantsPush(filters, event.ref, changedPaths);
    case 'pull_request':
    case 'pull_request_target':
      return (
        (filters.types ?? PULL_REQUEST_TYPES).includes(payload.action ?? 'opened') &&
        wantsName(filters.branches, filters['branches-ignore'], payload.pull_request?.base?.ref ?? '') &&
        wantsPaths(filters, changedPaths)
      );
    case 'workflow_dispatch':
      return payload.workflow === undefined || workflow.file.split('/').at(-1) === payload.workflow.split('/').at(-1);
    default:
      return filters.types === undefined || (payload.action !== undefined && filters.types.includes(payload.action));
  }
}

/** `[skip ci]` and its kin in the message of a pushed commit. */
export function skipsRuns(event: WorkflowEvent): boolean {
  if (event.name !== 'push') return false;
  const message = (event.payload as { head_commit?: { message?: string } }).head_commit?.message ?? '';
  return /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/.test(message);
}

async function wantsPush(filters: Filters, ref: string, changedPaths: ChangedPaths): Promise<boolean> {
  const { branches, tags } = filters;
  const branchFilter = branches !== undefined || filters['branches-ignore'] !== undefined;
  const tagFilter = tags !== undefined || filters['tags-ignore'] !== undefined;
  if (ref.startsWith('refs/tags/')) {
    // Filters for branches alone leave tags out, and the other way round; paths say nothing about tags.
    return (tagFilter || !branchFilter) && wantsName(tags, filters['tags-ignore'], ref.slice('refs/tags/'.length));
  }
  return (
    (branchFilter || !tagFilter) &&
    wantsName(branches, filters['branches-ignore'], ref.replace(/^refs\/heads\//, '')) &&
    wantsPaths(filters, changedPaths)
  );
}

function wantsName(only: string[] | undefined, ignored: string[] | undefined, name: string): boolean {
  if (only !== undefined) return matchesFilter(only, name);
  return ignored === undefined || !matchesFilter(ignored, name);
}

async function wantsPaths(filters: Filters, changedPaths: ChangedPaths): Promise<boolean> {
  const { paths, 'paths-ignore': ignored } = filters;
  if (paths === undefined && ignored === undefined) return true;
  const changed = await changedPaths();
  if (changed === undefined) return true;
  if (paths !== undefined) return changed.some((path) => matchesFilter(paths, path));
  return changed.some((path) => !matchesFilter(ignored ?? [], path));
}
