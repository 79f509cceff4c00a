import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** GitHub's limit for a step's part of the job summary. */
const SUMMARY_LIMIT = 1024 * 1024;

const KINDS = ['output', 'env', 'path', 'state', 'step_summary'] as const;
type Kind = (typeof KINDS)[number];

/** What a step wrote into the files that GITHUB_OUTPUT and its kin name. */
export interface FileCommandResults {
  output: Record<string, string>;
  env: Record<string, string>;
  path: string[];
  state: Record<string, string>;
  summary: string;
  /** Problems that fail the step. */
  problems: string[];
  /** Problems that are shown and fail nothing. */
  errors: string[];
}

/** The files of one step: their paths by kind, and how to read them when it has ended. */
export interface FileCommands {
  paths: Record<Kind, string>;
  read(): Promise<FileCommandResults>;
}

export async function createFileCommands(folder: string): Promise<FileCommands> {
  await mkdir(folder, { recursive: true });
  const id = randomUUID();
  const paths = Object.fromEntries(KINDS.map((kind) => [kind, join(folder, `${kind}_${id}`)])) as Record<Kind, string>;
  await Promise.all(KINDS.map((kind) => writeFile(paths[kind], '')));
  return {
    paths,
    async read() {
      const [output, env, path, state, summary] = await Promise.all(
        KINDS.map((kind) => readFile(paths[kind], 'utf8').catch(() => '')),
      );
      const problems: string[] = [];
      const errors: string[] = [];
      const parse = (kind: Kind, text: string | undefined): Record<string, string> => {
        const { values, problem } = parseKeyValues(text ?? '');
        if (problem !== undefined) {
          problems.push(`Unable to process file command '${kind}' successfully: ${problem}`);
        }
        return values;
      };
      const environment = parse('env', env);
      for (const name of Object.keys(environment)) {
        // The runner keeps a step from changing how later Node.js actions start.
        if (name.toUpperCase() !== 'NODE_OPTIONS') continue;
        delete environment[name];
        errors.push(`Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.`);
      }
      const size = Buffer.byteLength(summary ?? '');
      if (size > SUMMARY_LIMIT) {
        const kilobytes = Math.floor(size / 1024);
        errors.push(
          `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${kilobytes}k; write less`,
        );
      }
      const results = {
        output: parse('output', output),
        env: environment,
        path: (path ?? '').split(/\r?\n/).filter((line) => line !== ''),
        state: parse('state', state),
        summary: size > SUMMARY_LIMIT ? '' : (summary ?? ''),
        problems,
        errors,
      };
      await Promise.all(KINDS.map((kind) => rm(paths[kind], { force: true })));
      return results;
    },
  };
}

/** Lines `name=value`, or `name<<DELIMITER`, the value's lines, `DELIMITER`. */
export function parseKeyValues(text: string): { values: Record<string, string>; problem?: string } {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) return { values, problem: `Invalid format '${line}'. Name must not be empty` };
      values[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (heredoc >= 0) {
      const name = line.slice(0, heredoc);
      const delimiter = line.slice(heredoc + 2);
      if (name === '' || delimiter === '') {
        return { values, problem: `Invalid format '${line}'. Name must not be empty and delimiter must not be empty` };
      }
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) return { values, problem: `Invalid value. Matching delimiter not found '${delimiter}'` };
      values[name] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else return { values, problem: `Invalid format '${line}'` };
  }
  return { values };
}
