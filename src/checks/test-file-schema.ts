/** The schema of `tests.yaml`. */
import * as z from 'zod/mini';
import { commandSchema } from './kinds/command.ts';
import { httpSchema } from './kinds/http.ts';
import { kinds } from './kinds/index.ts';
import type { Parts } from './kinds/kind.ts';
import { path, port, seconds, text, words } from './kinds/schemas.ts';

const names = kinds.map(({ name }) => name);

const mountSchema = z.union([
  z.strictObject({ source: z.string(), target: path, 'read-only': z.optional(z.boolean()) }),
  z.strictObject({ tmpfs: path }),
]);

/** How a container is started. */
export const startShape = {
  env: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  command: z.optional(words),
  entrypoint: z.optional(z.string()),
  user: z.optional(z.string()),
  mounts: z.optional(z.array(mountSchema)),
};
export const startSchema = z.strictObject(startShape);

/** When a container counts as up: when all of it holds. */
export const upSchema = z.strictObject({
  port: z.optional(port),
  http: z.optional(httpSchema),
  log: z.optional(text),
  command: z.optional(commandSchema),
  health: z.optional(z.literal(true)),
  timeout: z.optional(seconds),
});

const parts: Parts = { checks: z.lazy(() => z.array(checkSchema)), start: startSchema, up: upSchema };

/** An entry of `checks`: its settings, and under the name of a kind what is checked. */
export const checkSchema = z
  .strictObject({
    name: z.optional(z.string()),
    timeout: z.optional(seconds),
    retries: z.optional(z.int().check(z.minimum(0), z.maximum(100))),
    ...Object.fromEntries(kinds.map(({ name, schema }) => [name, z.optional(schema(parts))])),
  })
  .check(
    z.refine(
      (value) => names.filter((name) => Object.hasOwn(value, name)).length === 1,
      `is not one check; write one of ${names.join(', ')} in each entry`,
    ),
  );

const serviceSchema = z.strictObject({ image: z.string(), ...startShape, up: z.optional(upSchema) });

/** A file of goss, and the one that its templates have `.Vars` from. */
const gossSchema = z.strictObject({ goss: z.string(), vars: z.optional(z.string()) });

const hostName = z
  .string()
  .check(
    z.refine(
      (name) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name),
      'use lower case letters, digits and dashes',
    ),
  );

export const testFileSchema = z.strictObject({
  start: z.optional(z.strictObject({ ...startShape, services: z.optional(z.record(hostName, serviceSchema)) })),
  up: z.optional(upSchema),
  include: z.optional(z.array(z.union([z.string(), gossSchema]))),
  checks: z.optional(z.array(checkSchema)),
});
