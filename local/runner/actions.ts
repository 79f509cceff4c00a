import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runOk } from '../processes/index.ts';
import { type NodeAction, readAction } from './action-file.ts';

/** What a `uses:` of a step names. */
export type ActionReference =
  | { kind: 'checkout' }
  | { kind: 'cache' }
  | { kind: 'app-token' }
  | { kind: 'upload-artifact' }
  | { kind: 'download-artifact' }
  | { kind: 'suite'; path: string; ref: string }
  | { kind: 'local'; path: string }
  | { kind: 'unsupported'; why: string };

/** @param suiteName `owner/name` of the one repository besides the event's own whose actions can run */
export function parseActionReference(uses: string, suiteName: string): ActionReference {
  if (uses.startsWith('./')) return { kind: 'local', path: uses };
  if (uses.startsWith('docker://')) return { kind: 'unsupported', why: 'actions that are container images' };
  const match = /^([^/@]+\/[^/@]+)(?:\/([^@]+))?@(.+)$/.exec(uses);
  if (match === null) return { kind: 'unsupported', why: 'an action without `@` and a version' };
  const [, repository = '', path = '', ref = ''] = match;
  if (repository.toLowerCase() === 'actions/checkout' && path === '') return { kind: 'checkout' };
  const own = /^actions\/(cache|upload-artifact|download-artifact)$/.exec(repository.toLowerCase())?.[1];
  if ((own === 'cache' || own === 'upload-artifact' || own === 'download-artifact') && path === '')
    return { kind: own };
  if (repository.toLowerCase() === 'actions/create-github-app-token' && path === '') return { kind: 'app-token' };
  if (repository.toLowerCase() === suiteName.toLowerCase()) return { kind: 'suite', path, ref };
  return { kind: 'unsupported', why: `an action of ${repository}` };
}

/**
 * The suite as a runner downloads it: without what is not committed.
 * @returns the folder of the copy
 */
export async function downloadSuite(suite: string, into: string): Promise<string> {
  const left = new Set(['.git', '.cache', 'node_modules']);
  const entries = (await readdir(suite)).filter((name) => !left.has(name)).map((name) => join(suite, name));
  await mkdir(into, { recursive: true });
  await runOk('cp', ['-R', '--', ...entries, into]);
  return into;
}

/**
 * Reads `action.yml`, or `action.yaml`, of a folder.
 * @throws Error with all problems of the file, or when there is none
 */
export async function loadAction(folder: string, shown: string): Promise<NodeAction> {
  for (const name of ['action.yml', 'action.yaml']) {
    const content = await readFile(resolve(folder, name), 'utf8').catch(() => undefined);
    if (content === undefined) continue;
    const { action, problems } = readAction(`${shown}/${name}`, content);
    if (action === undefined) throw new Error(problems.join('\n'));
    return action;
  }
  throw new Error(
    `Can't find 'action.yml' under '${shown}'. Did you forget to run actions/checkout before running your local action?`,
  );
}
