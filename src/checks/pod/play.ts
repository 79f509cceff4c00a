/** What the ways to run a pod have in common. */
import { createServer } from 'node:net';
import type { ContainerState } from '../../engine/index.ts';
import type { Pod } from './definition.ts';

export interface Playing {
  readonly definition: Pod;
  /** Name of the container that runs the tested image. */
  readonly container: string;
  /** Unique on this machine and in a cluster. */
  readonly name: string;
  /** TCP ports of the pod that checks talk to. */
  readonly ports: readonly number[];
  /** How long it may take until the pod is ready, in milliseconds. */
  readonly readyMs: number;
}

/** The container that runs the tested image, in a pod that is ready; or what keeps the pod from it, as sentences. */
export type Played = ContainerState | readonly string[];

/** A free port of this machine's loopback address for each. */
export async function freePorts(wanted: readonly number[]): Promise<Record<number, number>> {
  const found = await Promise.all([...new Set(wanted)].map(async (port) => [port, await freePort()] as const));
  return Object.fromEntries(found);
}

/** The ports as a container has them: by name, with the one of this machine. */
export function published(ports: Readonly<Record<number, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(ports).map(([port, host]) => [`${port}/tcp`, host]));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
