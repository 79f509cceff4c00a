/** A file of a container: what it is, whose it is, and what is in it. */
import { createHash } from 'node:crypto';
import type { Header } from 'tar-stream';
import * as v from 'valibot';
import { integer, map } from '../../documents/index.ts';
import { readGroups, readUsers } from '../accounts.ts';
import type { Check, Subject, TextRule } from '../check.ts';
import { fileType, readContainerFile } from '../container-files.ts';
import { breaches, wantsAnything } from '../text-rule.ts';
import { defineKind } from './kind.ts';
import { path, textRule, textShape } from './schemas.ts';

const fileSchema = v.union([
  path,
  map({
    path,
    exists: v.optional(v.boolean()),
    type: v.optional(v.picklist(['file', 'directory', 'symlink'])),
    mode: v.optional(
      v.pipe(
        v.string(),
        v.check((mode) => /^0?[0-7]{3,4}$/.test(mode), "is no file mode; write e.g. '0644', in quotes"),
      ),
    ),
    user: v.optional(v.union([v.string(), integer])),
    group: v.optional(v.union([v.string(), integer])),
    size: v.optional(integer),
    'links-to': v.optional(v.string()),
    sha256: v.optional(
      v.pipe(
        v.string(),
        v.check((text) => /^[0-9a-f]{64}$/.test(text), 'is no sha256; write 64 hexadecimal digits'),
      ),
    ),
    'executable-by': v.optional(v.picklist(['owner', 'group', 'other', 'any'])),
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
  /** In bytes. */
  readonly size?: number;
  readonly linksTo?: string;
  /** 64 hex digits, of the content. */
  readonly sha256?: string;
  readonly executableBy?: 'owner' | 'group' | 'other' | 'any';
  readonly text: TextRule;
}

export const file = defineKind('file', fileSchema, (written) => {
  const whole = typeof written === 'string' ? { path: written } : written;
  const { path, exists = true, mode, user, group, 'links-to': linksTo, 'executable-by': by, ...rest } = whole;
  const { type, size, sha256, ...text } = rest;
  return fileCheck({
    path,
    exists,
    text: textRule(text),
    ...(type === undefined ? {} : { type }),
    ...(mode === undefined ? {} : { mode: mode.replace(/^0+(?=.)/, '') }),
    ...(user === undefined ? {} : { user: String(user) }),
    ...(group === undefined ? {} : { group: String(group) }),
    ...(size === undefined ? {} : { size }),
    ...(linksTo === undefined ? {} : { linksTo }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(by === undefined ? {} : { executableBy: by }),
  });
});

export function fileCheck(check: FileCheck): Check {
  return {
    title: `${check.path} ${check.exists ? 'is as described' : 'does not exist'}`,
    ports: [],
    looksAt: 'files',
    run: (subject) => checkFile(subject, check),
  };
}

/** What is wrong with the file; empty when it is as wanted. */
export async function checkFile(
  subject: Pick<Subject, 'container' | 'timeoutMs'>,
  check: FileCheck,
): Promise<string[]> {
  const found = await readContainerFile(subject, check.path);
  if (typeof found === 'string') return [found];
  if (found === undefined) return check.exists ? [`${check.path} does not exist`] : [];
  if (!check.exists) return [`${check.path} exists`];
  const { header, content } = found;
  const owner = async (
    id: number | undefined,
    wanted: string | undefined,
    what: string,
    nameOf: () => Promise<string | undefined>,
  ): Promise<string[]> => {
    if (wanted === undefined || wanted === String(id)) return [];
    const name = await nameOf();
    return name === wanted ? [] : [`its ${what} is ${name ?? id}, expected ${wanted}`];
  };
  const type = fileType(header);
  const wantsText = wantsAnything(check.text);
  return [
    ...(check.type === undefined || check.type === type ? [] : [`it is a ${type}, expected a ${check.type}`]),
    ...modeBreaches(header, check),
    ...(await owner(header.uid, check.user, 'user', async () => {
      return (await readUsers(subject)).find(({ uid }) => uid === header.uid)?.name;
    })),
    ...(await owner(header.gid, check.group, 'group', async () => {
      return (await readGroups(subject)).find(({ gid }) => gid === header.gid)?.name;
    })),
    ...(check.size === undefined || check.size === header.size
      ? []
      : [`its size is ${header.size}, expected ${check.size}`]),
    ...(check.linksTo === undefined || check.linksTo === header.linkname
      ? []
      : [
          type === 'symlink'
            ? `it links to ${header.linkname}, expected ${check.linksTo}`
            : `it is a ${type}, expected a symlink`,
        ]),
    ...sumBreaches(type, header, content, check),
    ...(wantsText && type !== 'file' ? [`it is a ${type} and has no content`] : []),
    ...(wantsText && type === 'file' ? breaches(content.toString('utf8'), check.text, 'its content') : []),
  ];
}

/** Which bits of a mode let somebody execute a file. */
export const executeBits = { owner: 0o100, group: 0o010, other: 0o001, any: 0o111 } as const;

function modeBreaches({ mode = 0 }: Header, { mode: wanted, executableBy }: FileCheck): string[] {
  const octal = (mode & 0o7777).toString(8);
  const executable = executableBy === undefined || (mode & executeBits[executableBy]) !== 0;
  return [
    ...(wanted === undefined || wanted === octal ? [] : [`its mode is 0${octal}, expected 0${wanted}`]),
    ...(executable
      ? []
      : [`its mode is 0${octal}: ${executableBy === 'any' ? 'nobody' : executableBy} can't execute it`]),
  ];
}

function sumBreaches(type: string, { size = 0 }: Header, content: Buffer, { sha256 }: FileCheck): string[] {
  if (sha256 === undefined) return [];
  if (type !== 'file') return [`it is a ${type} and has no content`];
  if (size > content.length) return [`it is too large to compare: ${size} bytes`];
  const sum = createHash('sha256').update(content).digest('hex');
  return sum === sha256 ? [] : [`its sha256 is ${sum}, expected ${sha256}`];
}
