/** The schema of `tests.yaml`. */
import * as z from 'zod/mini';

const port = z.int().check(z.minimum(1), z.maximum(65535));
const seconds = z.number().check(z.minimum(0.1), z.maximum(3600));
const words = z.union([z.string(), z.array(z.string())]);
const path = z
  .string()
  .check(z.refine((text) => text.startsWith('/'), "does not begin with '/'; write the path from the root"));

const regex = z
  .string()
  .check(
    z.refine(
      isRegex,
      'is no regular expression; see https://developer.mozilla.org/docs/Web/JavaScript/Reference/Regular_expressions',
    ),
  );

function isRegex(text: string): boolean {
  try {
    new RegExp(text, 'mu');
    return true;
  } catch {
    return false;
  }
}

/** A text alone has to be contained. Of several, all have to be. */
const textShape = {
  contains: z.optional(words),
  matches: z.optional(z.union([regex, z.array(regex)])),
};
const text = z.union([z.string(), z.strictObject(textShape)]);

const http = z.strictObject({
  port,
  path: z.optional(path),
  method: z.optional(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])),
  headers: z.optional(z.record(z.string(), z.string())),
  status: z.optional(z.union([z.int(), z.array(z.int())])),
  body: z.optional(text),
});

const command = z.strictObject({
  run: words,
  user: z.optional(z.string()),
  status: z.optional(z.int()),
  stdout: z.optional(text),
  stderr: z.optional(text),
});

const file = z.strictObject({
  path,
  exists: z.optional(z.boolean()),
  type: z.optional(z.enum(['file', 'directory', 'symlink'])),
  mode: z.optional(
    z.string().check(z.refine((mode) => /^0?[0-7]{3,4}$/.test(mode), "is no file mode; write e.g. '0644', in quotes")),
  ),
  user: z.optional(z.union([z.string(), z.int()])),
  group: z.optional(z.union([z.string(), z.int()])),
  ...textShape,
});

const portOrUdp = z.union([
  port,
  z.string().check(z.refine((value) => /^\d{1,5}\/(?:tcp|udp)$/.test(value), 'is no port; write 80, 80/tcp or 53/udp')),
]);

const kinds = ['port', 'http', 'command', 'file'] as const;

const check = z
  .strictObject({
    name: z.optional(z.string()),
    timeout: z.optional(seconds),
    retries: z.optional(z.int().check(z.minimum(0), z.maximum(100))),
    port: z.optional(portOrUdp),
    http: z.optional(http),
    command: z.optional(z.union([z.string(), z.array(z.string()), command])),
    file: z.optional(z.union([path, file])),
  })
  .check(
    z.refine(
      (value) => kinds.filter((kind) => value[kind] !== undefined).length === 1,
      `is not one check; write one of ${kinds.join(', ')} in each entry`,
    ),
  );

export const testFileSchema = z.strictObject({
  start: z.optional(
    z.strictObject({
      env: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
      command: z.optional(words),
      entrypoint: z.optional(z.string()),
      user: z.optional(z.string()),
    }),
  ),
  up: z.optional(
    z.strictObject({
      port: z.optional(port),
      http: z.optional(http),
      log: z.optional(text),
      command: z.optional(z.union([z.string(), z.array(z.string()), command])),
      timeout: z.optional(seconds),
    }),
  ),
  checks: z.optional(z.array(check)),
});
