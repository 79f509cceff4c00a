/** What one kind of check in `tests.yaml` consists of. */
import type * as v from 'valibot';
import type { Document } from '../../documents/index.ts';
import type { Place } from '../../problems.ts';
import type { Check, ListedCheck, Start, Up } from '../check.ts';

/** What the parts of a test file have at hand while they are read. */
export interface Reading {
  /** Place of a part of what is read, for messages. */
  place(path: readonly (string | number)[]): Place;
  /**
   * A file that the test file names, relative to it. It is one of the tests, so it has to be in their folder.
   * @throws ProblemsError with the place of `path`
   */
  readFile(name: string, path: readonly (string | number)[]): string;
  /** Such a file as YAML or JSON; throws as `readFile`, and with the places of what is wrong in it. */
  readDocument(name: string, path: readonly (string | number)[]): Document;
  /** Absolute path of such a file or folder; throws as `readFile`. */
  findFile(name: string, path: readonly (string | number)[]): string;
  /** Checks inside of a check, from what `Parts` let through; throws ProblemsError as `readFile` does. */
  readChecks(written: unknown, path: readonly (string | number)[]): readonly ListedCheck[];
  /** How the test file starts its container, with changes. */
  start(changes: unknown, path: readonly (string | number)[]): Start;
  /** When the test file says that its container is up. */
  readonly up: Up | undefined;
  /** Another `up`. */
  readUp(written: unknown): Up;
}

/** Schemas of the test file itself, for kinds that have parts of it inside. */
export interface Parts {
  readonly checks: v.GenericSchema<unknown>;
  readonly start: v.GenericSchema<unknown>;
  readonly up: v.GenericSchema<unknown>;
}

export interface Kind {
  /** Its key in an entry of `checks`. */
  readonly name: string;
  schema(parts: Parts): v.GenericSchema;
  /** From what the schema let through. */
  read(written: unknown, reading: Reading): Check;
}

/** Ties the reader of a kind to its schema. */
export function defineKind<Schema extends v.GenericSchema>(
  name: string,
  schema: Schema | ((parts: Parts) => Schema),
  read: (written: v.InferOutput<Schema>, reading: Reading) => Check,
): Kind {
  return {
    name,
    schema: (parts) => (typeof schema === 'function' ? schema(parts) : schema),
    // The whole document went through the schema before any part of it is read.
    read: (written, reading) => read(written as v.InferOutput<Schema>, reading),
  };
}
