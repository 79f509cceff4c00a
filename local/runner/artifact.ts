import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Inputs of actions/upload-artifact that this runner understands. */
export const UPLOAD_INPUTS = { name: 'artifact', path: '', 'if-no-files-found': 'warn', 'retention-days': '' } as const;

/** Inputs of actions/download-artifact that this runner understands. */
export const DOWNLOAD_INPUTS = { name: '', path: '', 'run-id': '', 'github-token': '' } as const;

type Files = ReadonlyMap<string, Buffer>;

/** What runs leave behind for later ones: files by path, of an artifact of a run of a repository. */
export interface Artifacts {
  find(repository: string, run: string, name: string): Files | undefined;
  /** @returns false when the run has an artifact of this name already */
  add(repository: string, run: string, name: string, files: Files): boolean;
}

export function createArtifacts(): Artifacts {
  const all = new Map<string, Files>();
  const key = (...parts: readonly string[]): string => parts.join('\n').toLowerCase();
  return {
    find: (repository, run, name) => all.get(key(repository, run, name)),
    add(repository, run, name, files) {
      if (all.has(key(repository, run, name))) return false;
      all.set(key(repository, run, name), files);
      return true;
    },
  };
}

export interface ArtifactStep {
  repository: string;
  run: string;
  inputs: Readonly<Record<string, string>>;
  workspace: string;
  onLine(line: string): void;
}

/** Does what actions/upload-artifact 6 does, for one file or one folder. */
export async function uploadArtifact(artifacts: Artifacts, step: ArtifactStep): Promise<void> {
  const { repository, run, workspace, onLine } = step;
  const { name, path, 'if-no-files-found': missing } = withDefaults(UPLOAD_INPUTS, step.inputs);
  if (path === '') throw new Error('Input required and not supplied: path');
  const files = await filesAt(resolve(workspace, path.trim()));
  if (files.size === 0) {
    const text = `No files were found with the provided path: ${path}. No artifacts will be uploaded.`;
    if (missing === 'error') throw new Error(text);
    onLine(text);
    return;
  }
  if (!artifacts.add(repository, run, name, files))
    throw new Error(`Failed to CreateArtifact: an artifact with this name already exists on the workflow run: ${name}`);
  onLine(`Artifact ${name} has been successfully uploaded! It has ${files.size} files.`);
}

/** Does what actions/download-artifact 7 does, for one artifact by its name. */
export async function downloadArtifact(artifacts: Artifacts, step: ArtifactStep): Promise<void> {
  const { repository, workspace, onLine } = step;
  const { name, path, 'run-id': run, 'github-token': token } = withDefaults(DOWNLOAD_INPUTS, step.inputs);
  const other = run !== '' && run !== step.run;
  if (other && token === '') throw new Error('Artifacts of another run need the input github-token');
  const files = artifacts.find(repository, run === '' ? step.run : run, name);
  if (files === undefined)
    throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name}
        Please ensure that your artifact is not expired and the artifact was uploaded using a compatible version.`);
  const folder = resolve(workspace, path.trim() || '.');
  for (const [file, bytes] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), bytes);
  }
  onLine(`Artifact ${name} has been downloaded successfully to ${folder}`);
}

function withDefaults<Name extends string>(
  defaults: Readonly<Record<Name, string>>,
  given: Readonly<Record<string, string>>,
): Record<Name, string> {
  return { ...defaults, ...given };
}

async function filesAt(path: string): Promise<Files> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return new Map();
  if (found.isFile()) return new Map([[basename(path), await readFile(path)]]);
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.map(async (file) => [file.slice(path.length + 1), await readFile(file)] as const)),
  );
}
