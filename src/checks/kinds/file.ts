/** A file of a container, read without running anything in it. */
import { extract, type Header } from 'tar-stream';
import * as z from 'zod/mini';
import { copyOut, type Engine, explainFailure } from '../../engine/index.ts';
import type { Check, TextRule } from '../check.ts';
import { breaches } from '../text-rule.ts';
import { defineKind } from './kind.ts';
import { path, textRule, textShape } from './schemas.ts';

const fileSchema = z.union([
  path,
  z.strictObject({
    path,
    exists: z.optional(z.boolean()),
    type: z.optional(z.enum(['file', 'directory', 'symlink'])),
    mode: z.optional(
      z
        .string()
        .check(z.refine((mode) => /^0?[0-7]{3,4}$/.test(mode), "is no file mode; write e.g. '0644', in quotes")),
    ),
    user: z.optional(z.union([z.string(), z.int()])),
    group: z.optional(z.union([z.string(), z.int()])),
    ...textShape,
  }),
]);

export interface FileCheck {
  readonly path: string;
  readonly exists: boolean;
  readonly type?: 'file' | 'directory' | 'symlink';
  /** Octal digits without leading zeros. */
  readonly mode?: string;
  /** Name or number. */
  readonly user?: string;
  readonly group?: string;
  readonly text: TextRule;
}

export const file = defineKind('file', fileSchema, readFileCheck);

function readFileCheck(written: z.output<typeof fileSchema>): Check {
  const whole = typeof written === 'string' ? { path: written } : written;
  const { path, exists = true, type, mode, user, group, ...text } = whole;
  const check: FileCheck = {
    path,
    exists,
    text: textRule(text),
    ...(type === undefined ? {} : { type }),
    ...(mode === undefined ? {} : { mode: mode.replace(/^0+(?=.)/, '') }),
    ...(user === undefined ? {} : { user: String(user) }),
    ...(group === undefined ? {} : { group: String(group) }),
  };
  return {
    title: `${path} ${exists ? 'is as described' : 'does not exist'}`,
    ports: [],
    looksAt: 'files',
    run: ({ engine, container, timeoutMs }) => checkFile(engine, container.id, check, timeoutMs),
  };
}

const contentLimit = 8 * 1024 * 1024;

interface FoundFile {
  readonly header: Header;
  /** At most the first eight megabytes, as UTF-8; empty for anything but a file. */
  readonly content: string;
}

/** What is wrong with the file; empty when it is as wanted. */
export async function checkFile(
  engine: Engine,
  container: string,
  check: FileCheck,
  timeoutMs: number,
): Promise<string[]> {
  const found = await readFileOf(engine, container, check.path, timeoutMs);
  if (typeof found === 'string') return [found];
  if (found === undefined) return check.exists ? [`${check.path} does not exist`] : [];
  if (!check.exists) return [`${check.path} exists`];
  const { header, content } = found;
  const owner = async (
    file: string,
    id: number | undefined,
    wanted: string | undefined,
    what: string,
  ): Promise<string[]> => {
    if (wanted === undefined || wanted === String(id)) return [];
    const name = await nameOf(engine, container, file, id, timeoutMs);
    return name === wanted ? [] : [`its ${what} is ${name ?? id}, expected ${wanted}`];
  };
  const type = typeOf(header);
  const mode = ((header.mode ?? 0) & 0o7777).toString(8);
  const wantsText = check.text.contains.length + check.text.matches.length > 0;
  return [
    ...(check.type === undefined || check.type === type ? [] : [`it is a ${type}, expected a ${check.type}`]),
    ...(check.mode === undefined || check.mode === mode ? [] : [`its mode is 0${mode}, expected 0${check.mode}`]),
    ...(await owner('/etc/passwd', header.uid, check.user, 'user')),
    ...(await owner('/etc/group', header.gid, check.group, 'group')),
    ...(wantsText && type !== 'file' ? [`it is a ${type} and has no content`] : []),
    ...(wantsText && type === 'file' ? breaches(content, check.text, 'its content') : []),
  ];
}

function typeOf({ type }: Header): string {
  if (type === 'file' || type === 'contiguous-file' || type === 'link') return 'file';
  return type ?? 'file';
}

/** `undefined` when there is no such path; a sentence when the engine can't tell. */
async function readFileOf(
  engine: Engine,
  container: string,
  path: string,
  timeoutMs: number,
): Promise<FoundFile | string | undefined> {
  const stop = new AbortController();
  const { output, done } = copyOut(
    engine,
    container,
    path,
    AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)]),
  );
  const entries = output.pipe(extract());
  let found: FoundFile | undefined;
  try {
    // Of a folder only the first entry counts: the folder itself.
    for await (const entry of entries) {
      found = { header: entry.header, content: typeOf(entry.header) === 'file' ? await contentOf(entry) : '' };
      break;
    }
  } catch {
    // The command's own words say more.
  }
  if (found !== undefined) stop.abort();
  output.destroy();
  const { status, stderr } = await done;
  if (found !== undefined) return found;
  if (/could not find the file|no such file or directory|could not be found|not found in container/i.test(stderr))
    return undefined;
  return `${path} can't be read: ${explainFailure(stderr, status).message}`;
}

async function contentOf(entry: AsyncIterable<unknown>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of entry) {
    if (!(chunk instanceof Uint8Array)) continue;
    chunks.push(chunk);
    size += chunk.length;
    if (size >= contentLimit) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The name that the container's own `/etc/passwd` or `/etc/group` has for a number. */
async function nameOf(
  engine: Engine,
  container: string,
  file: string,
  id: number | undefined,
  timeoutMs: number,
): Promise<string | undefined> {
  const found = await readFileOf(engine, container, file, timeoutMs);
  if (found === undefined || typeof found === 'string') return undefined;
  const line = found.content.split('\n').find((entry) => entry.split(':')[2] === String(id));
  return line?.split(':')[0];
}
