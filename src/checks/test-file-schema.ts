/** The schema of `tests.yaml`. */
import * as v from 'valibot';
import { map, mapOf } from '../documents/index.ts';
import { commandSchema } from './kinds/command.ts';
import { httpSchema } from './kinds/http.ts';
import { kinds } from './kinds/index.ts';
import type { Parts } from './kinds/kind.ts';
import { path, port, seconds, text, words } from './kinds/schemas.ts';

const names = kinds.map(({ name }) => name);

const mountSchema = v.union([
  map({ source: v.string(), target: path, 'read-only': v.optional(v.boolean()) }),
  map({ tmpfs: path }),
]);

/** How a container is started. */
export const startShape = {
  env: v.optional(mapOf(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
  command: v.optional(words),
  entrypoint: v.optional(v.string()),
  user: v.optional(v.string()),
  mounts: v.optional(v.array(mountSchema)),
};
export const startSchema = map(startShape);

/** When a container counts as up: when all of it holds. */
export const upSchema = map({
  port: v.optional(port),
  http: v.optional(httpSchema),
  log: v.optional(text),
  command: v.optional(commandSchema),
  health: v.optional(v.literal(true)),
  timeout: v.optional(seconds),
});

const parts: Parts = { checks: v.lazy(() => v.array(checkSchema)), start: startSchema, up: upSchema };

/** What may stand beside a check. */
const besides = {
  name: v.optional(v.string()),
  timeout: v.optional(seconds),
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100))),
};

/** An entry of `checks`: its settings, and under the name of a kind what is checked. */
export const checkSchema = v.pipe(
  map({
    ...besides,
    ...Object.fromEntries(kinds.map(({ name, schema }) => [name, v.optional(schema(parts))])),
  }),
  v.check(
    (entry) => complaint(entry) === undefined,
    ({ input }) => complaint(input) ?? '',
  ),
);

function complaint(entry: object): string | undefined {
  const written = names.filter((name) => Object.hasOwn(entry, name));
  if (written.length > 1) return `holds several checks (${written.join(', ')}); write an entry for each`;
  return written.length === 1 ? undefined : `is no check; write one of ${names.join(', ')} in it`;
}

const serviceSchema = map({ image: v.string(), ...startShape, up: v.optional(upSchema) });

/** A file of goss, and the one that its templates have `.Vars` from. */
const gossSchema = map({ goss: v.string(), vars: v.optional(v.string()) });

const hostName = v.pipe(
  v.string(),
  v.check((name) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name), 'use lower case letters, digits and dashes'),
);

export const testFileSchema = map({
  start: v.optional(map({ ...startShape, services: v.optional(mapOf(hostName, serviceSchema)) })),
  up: v.optional(upSchema),
  include: v.optional(v.array(v.union([v.string(), gossSchema]))),
  checks: v.optional(v.array(checkSchema)),
});
