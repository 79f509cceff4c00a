/** The containers of one image's checks: they share a network where there are several, and all are removed. */
import { randomBytes } from 'node:crypto';
import {
  type ContainerSettings,
  type ContainerState,
  createContainer,
  createNetwork,
  type Engine,
  type InspectedImage,
  inspectContainer,
  removeContainer,
  removeNetwork,
  startContainer,
} from '../engine/index.ts';
import type { Processes } from '../processes.ts';
import type { Start } from './check.ts';

export interface CheckEnvironment {
  readonly engine: Engine;
  readonly runId: string;
  readonly signal: AbortSignal;
  /** Registers work that is done however the action ends, with processes that outlive `signal`. */
  cleanup(work: (processes: Processes) => Promise<void>): void;
}

export interface Containers {
  /**
   * Starts a container, or only makes it, which is enough to look at its files.
   * @param alias what the others call it
   * @param ports TCP ports that are to be reached from this machine
   */
  add(
    verb: 'start' | 'make',
    image: InspectedImage,
    alias: string,
    start: Start,
    ports: readonly number[],
  ): Promise<ContainerState>;
  /** Registers what else has to be removed, before the containers. */
  onRemove(work: (processes: Processes) => Promise<void>): void;
  /** Removes all that were begun, and their network. Does nothing the second time. */
  remove(processes: Processes): Promise<void>;
}

/** @param together whether the containers have to find each other */
export function createContainers(environment: CheckEnvironment, name: string, together: boolean): Containers {
  const { engine, runId } = environment;
  const prefix = `image-cascade-${slug(runId)}-${slug(name)}-${randomBytes(4).toString('hex')}`;
  const labels = { 'io.image-cascade.run': runId, 'io.image-cascade.image': name };
  const begun = new Map<string, Promise<unknown>>();
  const further: ((processes: Processes) => Promise<void>)[] = [];
  let network: Promise<void> | undefined;

  const remove = async (processes: Processes): Promise<void> => {
    const outliving = { ...engine, processes };
    const works = await Promise.allSettled(further.splice(0).map((work) => work(processes)));
    const containers = [...begun];
    begun.clear();
    // A start that is broken off may still leave a container behind.
    await Promise.allSettled(containers.map(([, made]) => made));
    const outcomes = await Promise.allSettled(containers.map(([container]) => removeContainer(outliving, container)));
    const made = network;
    network = undefined;
    if (made !== undefined) {
      await made.catch(() => {});
      await removeNetwork(outliving, prefix);
    }
    const failed = [...works, ...outcomes].find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };
  environment.cleanup(remove);

  return {
    remove,
    onRemove: (work) => further.push(work),
    async add(verb, image, alias, start, ports) {
      if (together) network ??= createNetwork(engine, prefix, labels);
      await network;
      const container = `${prefix}-${begun.size}`;
      const settings: ContainerSettings = {
        image: image.id,
        name: container,
        labels,
        env: start.env,
        // What is never started needs a command all the same.
        command: verb === 'make' && start.command.length === 0 ? ['/none'] : start.command,
        ports,
        mounts: start.mounts,
        ...(together ? { network: { name: prefix, alias } } : {}),
        ...(start.entrypoint === undefined ? {} : { entrypoint: start.entrypoint }),
        ...(start.user === undefined ? {} : { user: start.user }),
      };
      const made = (verb === 'start' ? startContainer : createContainer)(engine, settings);
      begun.set(container, made);
      await made;
      return await inspectContainer(engine, container);
    },
  };
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
