/** What a configuration file says, and that the service does as another one says. */
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { map, mapOf } from '../../documents/index.ts';
import type { Check, ContainerStart, ListedCheck, Subject, TextRule } from '../check.ts';
import { type ConfigFormat, configFormats, formatOf, parseConfig } from '../config-formats.ts';
import { readContainerText } from '../container-files.ts';
import { parseJsonPath, valueAt } from '../json-path.ts';
import { runListedCheck } from '../run-check.ts';
import { breaches } from '../text-rule.ts';
import { defineKind, type Parts } from './kind.ts';
import { path, textRule, textShape } from './schemas.ts';

const place = v.pipe(
  v.string(),
  v.check((value) => parseJsonPath(value) !== undefined, 'is no path; write e.g. server.port or http.server[0]'),
);

/** A rule for its text, `null` for what must not be there, or the value itself. */
const rule = v.union([map(textShape), v.null(), v.string(), v.number(), v.boolean(), v.array(v.unknown())]);

const configSchema = ({ checks, start, up }: Parts) =>
  v.pipe(
    map({
      file: v.optional(path),
      format: v.optional(v.picklist(configFormats)),
      values: v.optional(mapOf(place, rule)),
      changed: v.optional(map({ start, up: v.optional(up), checks })),
    }),
    v.check(
      ({ file, values, changed }) => changed !== undefined || file !== undefined || values !== undefined,
      'checks nothing; add file and values, or changed',
    ),
    v.check(
      ({ file, values }) => (file === undefined) === (values === undefined),
      'has only one of file and values; add the other',
    ),
    v.check(
      ({ file, format }) => file === undefined || format !== undefined || formatOf(file) !== undefined,
      `has a file whose name does not tell its format; add format: one of ${configFormats.join(', ')}`,
    ),
  );

type Rule = v.InferOutput<typeof rule>;

export interface ConfigCheck {
  readonly file?: {
    readonly path: string;
    readonly format: ConfigFormat;
    readonly values: Readonly<Record<string, Rule>>;
  };
  /** The container started with another configuration, and what has to be true then. */
  readonly changed?: { readonly how: ContainerStart; readonly checks: readonly ListedCheck[] };
}

export const config = defineKind('config', configSchema, (written, reading) => {
  const { file, format, values, changed } = written;
  const known = file === undefined ? undefined : (format ?? formatOf(file));
  return configCheck({
    ...(file === undefined || known === undefined ? {} : { file: { path: file, format: known, values: values ?? {} } }),
    ...(changed === undefined
      ? {}
      : {
          changed: {
            how: {
              start: reading.start(changed.start, ['changed', 'start']),
              up: changed.up === undefined ? reading.up : reading.readUp(changed.up),
            },
            checks: reading.readChecks(changed.checks, ['changed', 'checks']),
          },
        }),
  });
});

export function configCheck(check: ConfigCheck): Check {
  const { file, changed } = check;
  const titles = [
    ...(file === undefined ? [] : [`${file.path} has ${Object.keys(file.values).join(', ')} as described`]),
    ...(changed === undefined ? [] : ['another configuration is followed']),
  ];
  return {
    title: titles.join('; '),
    ports: [],
    looksAt: changed === undefined ? 'files' : 'process',
    async run(subject) {
      const said = file === undefined ? [] : await checkValues(file, subject);
      return [...said, ...(changed === undefined ? [] : await checkChanged(changed, subject))];
    },
  };
}

async function checkValues(
  { path, format, values }: NonNullable<ConfigCheck['file']>,
  subject: Subject,
): Promise<string[]> {
  const text = await readContainerText(subject, path);
  if (text === undefined) return [`${path} does not exist`];
  let document: unknown;
  try {
    document = await parseConfig(text, format);
  } catch (error) {
    return [`${path} is not ${format}: ${error instanceof Error ? error.message : String(error)}`];
  }
  return valuesBreaches(document, values);
}

/** Pure. */
export function valuesBreaches(document: unknown, values: Readonly<Record<string, Rule>>): string[] {
  return Object.entries(values).flatMap(([name, wanted]) => {
    const found = valueAt(document, parseJsonPath(name) ?? []);
    const shown = JSON.stringify(found);
    if (wanted === null) return found === undefined ? [] : [`${name} is there, with ${shown}`];
    if (found === undefined) return [`${name} is not there`];
    if (typeof wanted === 'object' && !Array.isArray(wanted)) {
      const asked: TextRule = textRule(wanted);
      return breaches(typeof found === 'string' ? found : shown, asked, name);
    }
    // Formats without types hold nothing but text.
    const same = isDeepStrictEqual(found, wanted) || (typeof found === 'string' && found === String(wanted));
    return same ? [] : [`${name} is ${shown}, expected ${JSON.stringify(wanted)}`];
  });
}

async function checkChanged({ how, checks }: NonNullable<ConfigCheck['changed']>, subject: Subject): Promise<string[]> {
  const ports = [...new Set(checks.flatMap(({ check }) => check.ports))];
  const container = await subject.start(how, ports);
  const results = await Promise.all(checks.map((check) => runListedCheck(check, { ...subject, container })));
  return results.flatMap(({ title, message }) =>
    message === undefined ? [] : [`with the other configuration: ${title}: ${message}`],
  );
}
