/** The kinds of check that `tests.yaml` knows, in the order in which messages name them. */
import { baseline } from './baseline.ts';
import { command } from './command.ts';
import { config } from './config.ts';
import { file } from './file.ts';
import { http } from './http.ts';
import type { Kind } from './kind.ts';
import { env, label, metadata } from './metadata.ts';
import { openapi } from './openapi.ts';
import { packages } from './package.ts';
import { pod } from './pod.ts';
import { port } from './port.ts';
import { process } from './process.ts';
import { tls } from './tls.ts';
import { user } from './user.ts';

export const kinds: readonly Kind[] = [
  port,
  http,
  tls,
  command,
  file,
  process,
  user,
  packages,
  env,
  label,
  metadata,
  config,
  openapi,
  baseline,
  pod,
];
