/** The kinds of check that `tests.yaml` knows, in the order in which messages name them. */
import { command } from './command.ts';
import { file } from './file.ts';
import { http } from './http.ts';
import type { Kind } from './kind.ts';
import { port } from './port.ts';

export const kinds: readonly Kind[] = [port, http, command, file];
