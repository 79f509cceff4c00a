/** `tests.yaml`: read, checked, with every default filled in. */
import type * as z from 'zod/mini';
import { checkDocument, documentPlace, readDocument } from '../documents/index.ts';
import type { Place } from '../problems.ts';
import { testFileSchema } from './test-file-schema.ts';

type Written = z.output<typeof testFileSchema>;
type WrittenCheck = NonNullable<Written['checks']>[number];
type WrittenHttp = NonNullable<WrittenCheck['http']>;
type WrittenCommand = NonNullable<WrittenCheck['command']>;
type WrittenText = NonNullable<WrittenHttp['body']>;

/** What a text has to be like: all of it has to hold. */
export interface TextRule {
  readonly contains: readonly string[];
  /** Regular expressions; `^` and `$` stand for the ends of lines. */
  readonly matches: readonly string[];
}

export interface HttpCheck {
  readonly kind: 'http';
  readonly port: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Any of these. */
  readonly status: readonly number[];
  readonly body: TextRule;
}

export interface CommandCheck {
  readonly kind: 'command';
  readonly run: readonly string[];
  readonly user?: string;
  readonly status: number;
  readonly stdout: TextRule;
  readonly stderr: TextRule;
}

export interface PortCheck {
  readonly kind: 'port';
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface FileCheck {
  readonly kind: 'file';
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

export type Check = HttpCheck | CommandCheck | PortCheck | FileCheck;

export interface ListedCheck {
  readonly title: string;
  readonly check: Check;
  /** Where it is written. */
  readonly place: Place;
  /** Of each attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
}

export interface TestFile {
  readonly start: {
    readonly env: Readonly<Record<string, string>>;
    readonly command: readonly string[];
    readonly entrypoint?: string;
    readonly user?: string;
  };
  /** The container is up when all of these hold. Absent: the image's health check, or else the checked ports. */
  readonly up?: {
    readonly checks: readonly Check[];
    readonly log?: TextRule;
  };
  readonly upTimeoutMs: number;
  readonly checks: readonly ListedCheck[];
}

const defaults = { checkSeconds: 10, upSeconds: 60 };

/**
 * @param file path in the repository, for messages
 * @throws ProblemsError with everything that is wrong in it
 */
export function loadTestFile(text: string, file: string): TestFile {
  const document = readDocument(text, file);
  const { start = {}, up, checks = [] } = checkDocument(document, testFileSchema);
  const env = Object.entries(start.env ?? {}).map(([name, value]) => [name, String(value)] as const);
  return {
    start: {
      env: Object.fromEntries(env),
      command: start.command === undefined ? [] : argumentsOf(start.command),
      ...(start.entrypoint === undefined ? {} : { entrypoint: start.entrypoint }),
      ...(start.user === undefined ? {} : { user: start.user }),
    },
    ...(up === undefined ? {} : { up: upOf(up) }),
    upTimeoutMs: (up?.timeout ?? defaults.upSeconds) * 1000,
    checks: checks.map((written, index) => listedCheck(written, documentPlace(document, ['checks', index]))),
  };
}

function upOf({ port, http, log, command }: NonNullable<Written['up']>): NonNullable<TestFile['up']> {
  return {
    checks: [
      ...(port === undefined ? [] : [{ kind: 'port', port, protocol: 'tcp' } as const]),
      ...(http === undefined ? [] : [httpCheck(http)]),
      ...(command === undefined ? [] : [commandCheck(command)]),
    ],
    ...(log === undefined ? {} : { log: textRule(log) }),
  };
}

function listedCheck(written: WrittenCheck, place: Place): ListedCheck {
  const check = checkOf(written);
  return {
    title: written.name ?? titleOf(check),
    check,
    place,
    timeoutMs: (written.timeout ?? defaults.checkSeconds) * 1000,
    retries: written.retries ?? 0,
  };
}

function checkOf({ port, http, command, file }: WrittenCheck): Check {
  if (http !== undefined) return httpCheck(http);
  if (command !== undefined) return commandCheck(command);
  if (file !== undefined) return fileCheck(typeof file === 'string' ? { path: file } : file);
  const [number = '0', protocol] = String(port).split('/');
  return { kind: 'port', port: Number(number), protocol: protocol === 'udp' ? 'udp' : 'tcp' };
}

function httpCheck({ port, path = '/', method = 'GET', headers = {}, status = 200, body }: WrittenHttp): HttpCheck {
  return { kind: 'http', port, path, method, headers, status: [status].flat(), body: textRule(body) };
}

function commandCheck(written: WrittenCommand): CommandCheck {
  const {
    run,
    user,
    status = 0,
    stdout,
    stderr,
  } = typeof written === 'string' || Array.isArray(written) ? { run: written } : written;
  return {
    kind: 'command',
    run: argumentsOf(run),
    status,
    stdout: textRule(stdout),
    stderr: textRule(stderr),
    ...(user === undefined ? {} : { user }),
  };
}

function fileCheck({
  path,
  exists = true,
  type,
  mode,
  user,
  group,
  ...text
}: Exclude<WrittenCheck['file'], string | undefined>): FileCheck {
  return {
    kind: 'file',
    path,
    exists,
    text: textRule(text),
    ...(type === undefined ? {} : { type }),
    ...(mode === undefined ? {} : { mode: mode.replace(/^0+(?=.)/, '') }),
    ...(user === undefined ? {} : { user: String(user) }),
    ...(group === undefined ? {} : { group: String(group) }),
  };
}

/** A command written as one text is for the container's shell. */
function argumentsOf(command: string | readonly string[]): readonly string[] {
  return typeof command === 'string' ? ['sh', '-c', command] : command;
}

function textRule(written: WrittenText | undefined): TextRule {
  if (written === undefined) return { contains: [], matches: [] };
  if (typeof written === 'string') return { contains: [written], matches: [] };
  return { contains: [written.contains ?? []].flat(), matches: [written.matches ?? []].flat() };
}

/** What a check is called in logs and reports. */
export function titleOf(check: Check): string {
  switch (check.kind) {
    case 'port':
      return `port ${check.port}/${check.protocol} is listening`;
    case 'http':
      return `${check.method} ${check.path} on port ${check.port} answers ${check.status.join(' or ')}`;
    case 'command':
      return `\`${check.run[0] === 'sh' && check.run[1] === '-c' ? check.run.slice(2).join(' ') : check.run.join(' ')}\` ends with ${check.status}`;
    case 'file':
      return `${check.path} ${check.exists ? 'is as described' : 'does not exist'}`;
  }
}
