import type { RunResult } from '../processes/index.ts';

/** What the docker command said when it was asked. */
export interface Answers {
  /** `docker info --format '{{json .}}'` */
  info: RunResult;
  /** `docker buildx version` */
  buildx: RunResult;
}

export type Verdict =
  /** An engine, and a client that can build with it. */
  | { engine: 'usable'; description: string; pluginFolders: string[] }
  /** An engine may be there, but the client here cannot use it. */
  | { engine: 'client-lacking'; reason: string }
  | { engine: 'none'; reason: string };

/** Whether the engine that the docker command talks to will do. A command alone proves nothing: the engine must answer. */
export function judge({ info, buildx }: Answers): Verdict {
  if (info.status === 127 || info.status === 126)
    return { engine: 'client-lacking', reason: 'there is no docker command' };
  const facts = parse(info.stdout);
  const complaint = firstLine(info.stderr) || facts?.ServerErrors?.[0] || '';
  if (info.status !== 0 || facts?.ServerVersion === undefined || facts.ServerVersion === '') {
    return { engine: 'none', reason: complaint || `\`docker info\` ended with status ${info.status}` };
  }
  if (/podman/i.test(info.stderr) || facts.ServerVersion === 'podman') {
    return { engine: 'none', reason: 'the docker command is a front of Podman' };
  }
  if (buildx.status !== 0 || !/buildx/.test(buildx.stdout)) {
    return { engine: 'client-lacking', reason: 'the docker command has no buildx' };
  }
  const plugins = facts.ClientInfo?.Plugins?.flatMap((plugin) => plugin.Path ?? []) ?? [];
  const version = /v?\d+\.\d+\.\d+\S*/.exec(buildx.stdout)?.[0] ?? 'unknown version';
  return {
    engine: 'usable',
    description: `Docker ${facts.ServerVersion} on ${facts.OperatingSystem ?? 'an unknown system'}, buildx ${version}`,
    pluginFolders: [...new Set(plugins.map((path) => path.replace(/\/[^/]*$/, '')))],
  };
}

interface Facts {
  ServerVersion?: string;
  ServerErrors?: string[];
  OperatingSystem?: string;
  ClientInfo?: { Plugins?: { Path?: string }[] | null };
}

function parse(json: string): Facts | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Facts) : undefined;
  } catch {
    return undefined;
  }
}

/** Warnings about the user's configuration come before what matters. */
function firstLine(text: string): string {
  const lines = text.trim().split('\n');
  return lines.find((line) => !/^warning/i.test(line)) ?? '';
}
