/** Regression: what the published image says to the same probes. */
import { diffArrays } from 'diff';
import * as v from 'valibot';
import { map, mapOf } from '../../documents/index.ts';
import type { Check, ContainerStart, Subject } from '../check.ts';
import { type Probe, probeTitle, runProbe } from '../probes.ts';
import { defineKind } from './kind.ts';
import { argumentsOf, path, port, regex, words } from './schemas.ts';

const baselineSchema = v.pipe(
  map({
    commands: v.optional(
      v.array(v.union([v.string(), v.array(v.string()), map({ run: words, user: v.optional(v.string()) })])),
    ),
    http: v.optional(
      v.array(
        map({
          port,
          path: v.optional(path),
          method: v.optional(v.picklist(['GET', 'HEAD', 'OPTIONS'])),
          headers: v.optional(mapOf(v.string(), v.string())),
        }),
      ),
    ),
    files: v.optional(v.array(path)),
    packages: v.optional(v.boolean()),
    allow: v.optional(v.array(regex)),
  }),
  v.check(
    ({ commands, http, files, packages }) => [commands, http, files, packages].some((probes) => probes !== undefined),
    'compares nothing; add commands, http, files or packages',
  ),
);

export interface BaselineCheck {
  readonly probes: readonly Probe[];
  /** Regular expressions for lines of the difference that are fine. */
  readonly allow: readonly string[];
  /** How the container of the published image is started. */
  readonly start: ContainerStart;
}

export const baseline = defineKind('baseline', baselineSchema, (written, reading) => {
  const { commands = [], http = [], files = [], packages = false, allow = [] } = written;
  return baselineCheck({
    probes: [
      ...commands.map((command): Probe => {
        const { run, user } = typeof command === 'string' || Array.isArray(command) ? { run: command } : command;
        return { kind: 'command', run: argumentsOf(run), ...(user === undefined ? {} : { user }) };
      }),
      ...http.map(
        ({ port, path = '/', method = 'GET', headers = {} }): Probe => ({
          kind: 'http',
          request: { port, path, method, headers },
        }),
      ),
      ...files.map((path): Probe => ({ kind: 'files', path })),
      ...(packages ? [{ kind: 'packages' } as const] : []),
    ],
    allow,
    start: { start: reading.start({}, []), up: reading.up },
  });
});

export function baselineCheck(check: BaselineCheck): Check {
  const ports = check.probes.flatMap((probe) => (probe.kind === 'http' ? [probe.request.port] : []));
  return {
    title: `is like the published image: ${check.probes.map(probeTitle).join(', ')}`,
    ports,
    looksAt: 'process',
    run: (subject) => compare(check, subject, [...new Set(ports)]),
  };
}

async function compare({ probes, allow, start }: BaselineCheck, subject: Subject, ports: number[]): Promise<string[]> {
  const previous = await subject.previous();
  // The first build has nothing to be compared with, and an image that is published already only itself.
  if (previous === undefined || previous.id === subject.image.id) return [];
  const container = await subject.start(start, ports, previous);
  const other: Subject = { ...subject, image: previous, container };
  const found = await Promise.all(
    probes.map(async (probe) => {
      const [before, after] = await Promise.all([runProbe(probe, other), runProbe(probe, subject)]);
      return { title: probeTitle(probe), lines: differences(before, after, allow) };
    }),
  );
  return found.flatMap(({ title, lines }) =>
    lines.length === 0 ? [] : [`${title} differs from the published image:\n${shownLines(lines).join('\n')}`],
  );
}

/** Lines that were taken away (`-`) and that came (`+`), without those that are allowed. Pure. */
export function differences(before: readonly string[], after: readonly string[], allow: readonly string[]): string[] {
  const allowed = allow.map((pattern) => new RegExp(pattern, 'mu'));
  return diffArrays([...before], [...after])
    .flatMap(({ added, removed, value }) =>
      added || removed ? value.map((line) => `${added ? '+' : '-'}${line}`) : [],
    )
    .filter((line) => !allowed.some((pattern) => pattern.test(line)));
}

const mostLines = 40;

function shownLines(lines: readonly string[]): string[] {
  if (lines.length <= mostLines) return [...lines];
  return [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more lines`];
}
