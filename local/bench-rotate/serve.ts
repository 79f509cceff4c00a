/** A registry and a GitHub of their own process, so that what they hold does not count for who asks them. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startGitHub } from '../github/index.ts';
import { onExit } from '../processes/index.ts';
import { startRegistryStandIn } from '../registry/stand-in.ts';
import { fillImage, fillTags } from './fill.ts';

export const parts = ['packages', 'registry', 'tags'] as const;

/** `packages`, `registry`: a fleet, in GHCR or in any registry. `tags`: one repository with very many tags. */
export type Part = (typeof parts)[number];

export const imageCount = 100;
export const tagCount = 135_000;

/** How many requests there were: their list would take more memory than what is measured. */
export interface Requests {
  readonly all: number;
  /** Those for pages of tags or versions, and how many different ones. */
  readonly pages: number;
  readonly differentPages: number;
}

export interface Served {
  readonly host: string;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly token: string;
  requests(): Promise<Requests>;
  stop(): void;
}

/** Starts the process, and waits until it holds everything. */
export async function startServing(part: Part): Promise<Served> {
  const [, script = ''] = process.argv;
  const child = fork(script, ['serve', part]);
  onExit(async () => {
    child.kill();
  });
  const [addresses]: [Pick<Served, 'host' | 'apiUrl' | 'graphqlUrl' | 'token'>] = await answerOf(child);
  return {
    ...addresses,
    async requests() {
      const answer = answerOf<Requests>(child);
      child.send('requests');
      const [requests] = await answer;
      return requests;
    },
    stop: () => child.kill(),
  };
}

function answerOf<T>(child: ReturnType<typeof fork>): Promise<[T]> {
  const failed = once(child, 'exit').then(([status]) => {
    throw new Error(`the process with the registry ended with ${status}`);
  });
  return Promise.race([once(child, 'message') as Promise<[T]>, failed]);
}

/** The other side. */
export async function serve(part: Part): Promise<void> {
  const registry = await startRegistryStandIn({ referrers: false, deletion: part !== 'packages' });
  if (part === 'tags') fillTags(registry.store, 'acme/many', tagCount);
  else for (const name of imageNames()) fillImage(registry.store, `acme/${name}`);
  const github = await startGitHub({ owner: 'acme', log: () => {}, onEvent: () => {} });
  github.packages.connect(registry.store);
  process.on('message', () => {
    const asked = [...registry.requests, ...github.requests].map(({ method, path }) => `${method} ${path}`);
    const pages = asked.filter((line) => /\/tags\/list\?|\/versions\?/.test(line));
    const counts: Requests = { all: asked.length, pages: pages.length, differentPages: new Set(pages).size };
    process.send?.(counts);
  });
  const { apiUrl, graphqlUrl, token } = github;
  process.send?.({ host: registry.host, apiUrl, graphqlUrl, token });
  await once(process, 'disconnect');
}

export function imageNames(): string[] {
  return Array.from({ length: imageCount }, (_, number) => `image-${number}`);
}
