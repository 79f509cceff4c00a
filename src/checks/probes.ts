/** Probes: what a container says about itself, as lines that can be compared with those of another. */
import type { Header } from 'tar-stream';
import { copyOut, execute, explainFailure } from '../engine/index.ts';
import type { Subject } from './check.ts';
import { ask, type HttpRequest } from './http-request.ts';
import { readPackages } from './packages.ts';

export type Probe =
  | { readonly kind: 'command'; readonly run: readonly string[]; readonly user?: string }
  | { readonly kind: 'http'; readonly request: HttpRequest }
  | { readonly kind: 'files'; readonly path: string }
  | { readonly kind: 'packages' };

/** What the probe is called in messages. Pure. */
export function probeTitle(probe: Probe): string {
  switch (probe.kind) {
    case 'command':
      return probe.run.join(' ');
    case 'http':
      return `${probe.request.method} ${probe.request.path} on port ${probe.request.port}`;
    case 'files':
      return `files in ${probe.path}`;
    case 'packages':
      return 'packages';
  }
}

/** Rejects when there is no answer at all. */
export async function runProbe(probe: Probe, subject: Subject): Promise<string[]> {
  switch (probe.kind) {
    case 'command': {
      const { container, timeoutMs } = subject;
      const options = { timeoutMs, ...(probe.user === undefined ? {} : { user: probe.user }) };
      const { status, stdout, stderr } = await execute(container, probe.run, options);
      if (status === 124) throw new Error(`${probeTitle(probe)} did not end within ${timeoutMs / 1000} s`);
      return [`ends with ${status}`, ...linesOf(stdout), ...linesOf(stderr)];
    }
    case 'http': {
      const { status, headers, body } = await ask(probe.request, subject);
      return [`answers ${status}`, `content-type: ${headers['content-type'] ?? 'none'}`, ...linesOf(body)];
    }
    case 'files':
      return (await listHeaders(subject, probe.path)).map(describe).sort();
    case 'packages':
      return (await readPackages(subject)).map(({ name, version }) => `${name} ${version}`).sort();
  }
}

function linesOf(text: string): string[] {
  return text.trimEnd() === '' ? [] : text.trimEnd().split(/\r?\n/);
}

/** Names of the folders right inside of a folder. */
export async function listFolder(subject: Subject, path: string): Promise<string[]> {
  return (await listHeaders(subject, path)).flatMap(({ name, type }) => {
    const parts = name.replace(/\/$/, '').split('/');
    return type === 'directory' && parts.length === 2 ? parts.slice(1) : [];
  });
}

/** Everything in a folder, the folder itself first. */
async function listHeaders({ container, timeoutMs }: Subject, path: string): Promise<Header[]> {
  const { extract } = await import('./tar-reader.ts');
  const { output, done } = copyOut(container, path, AbortSignal.timeout(timeoutMs));
  const headers: Header[] = [];
  const entries = output.pipe(extract());
  for await (const entry of entries) {
    headers.push(entry.header);
    entry.resume();
  }
  const { status, stderr } = await done;
  if (status !== 0) throw new Error(`${path} can't be read: ${explainFailure(stderr, status).message}`);
  return headers;
}

/** One line a file: path, type, mode, owner, and where a link leads to. Not the size: what is inside has checks of its own. */
function describe({ name, type, mode = 0, uid, gid, linkname }: Header): string {
  const link = linkname ? ` -> ${linkname}` : '';
  return `${name.replace(/\/$/, '')} ${type} ${(mode & 0o7777).toString(8).padStart(4, '0')} ${uid}:${gid}${link}`;
}
