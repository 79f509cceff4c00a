/** Secrets of a build: from the input to files that only this user can read, outside of every build context. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Problem, ProblemsError } from '../problems.ts';

/**
 * `id=value` lines as docker/build-push-action reads them: a value of several lines stands in double quotes together
 * with its id (`"KEY=first\nsecond"`), where two double quotes are one. Pure.
 * @throws ProblemsError that never repeats a value
 */
export function parseSecrets(text: string): Record<string, string> {
  const problems: Problem[] = [];
  const entries = entriesOf(text).flatMap(({ entry, line }): [string, string][] => {
    const [, id, value] = /^([A-Za-z0-9_.-]+)=(.*)$/s.exec(entry) ?? [];
    if (id !== undefined && value !== undefined) return [[id, value]];
    problems.push({ message: `input 'secrets', line ${line}: this is no id=value`, hint: 'write one id=value a line' });
    return [];
  });
  if (problems.length > 0) throw new ProblemsError(problems);
  return Object.fromEntries(entries);
}

function entriesOf(text: string): { entry: string; line: number }[] {
  const entries: { entry: string; line: number }[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const first = index + 1;
    let entry = (lines[index] ?? '').trim();
    if (entry === '') continue;
    if (entry.startsWith('"')) {
      // An opening quote without its end runs over the following lines.
      while (!isClosed(entry) && index + 1 < lines.length) entry += `\n${lines[++index]}`;
      entry = entry.trimEnd().replace(/^"/, '').replace(/"$/, '').replaceAll('""', '"');
    }
    entries.push({ entry, line: first });
  }
  return entries;
}

function isClosed(entry: string): boolean {
  const inner = entry.trimEnd().slice(1);
  return inner.endsWith('"') && inner.replaceAll('""', '').endsWith('"');
}

export interface SecretFiles {
  /** Path by id. */
  readonly files: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** Writes each secret to a file of its own. The caller removes them, however the build ends. */
export async function writeSecrets(secrets: Readonly<Record<string, string>>): Promise<SecretFiles> {
  if (Object.keys(secrets).length === 0) return { files: {}, remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'image-cascade-secrets-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const files = await Promise.all(
      Object.entries(secrets).map(async ([id, value], index): Promise<[string, string]> => {
        const file = join(folder, String(index));
        await writeFile(file, value, { mode: 0o600 });
        return [id, file];
      }),
    );
    return { files: Object.fromEntries(files), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
