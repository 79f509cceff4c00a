/** A check: a value that knows what it needs and how it is done. What reads test files makes them, what runs them does not look inside. */
import type { ContainerMount, ContainerState, Engine, InspectedImage } from '../engine/index.ts';
import type { Place } from '../problems.ts';
import type { Processes } from '../processes.ts';

export interface Check {
  /** What it is called in logs and reports, when the test file gives it no name. */
  readonly title: string;
  /** TCP ports of the container that it talks to from this machine. */
  readonly ports: readonly number[];
  /** What it looks at: the image or a container that was only made need no process of the image to run. */
  readonly looksAt: 'image' | 'files' | 'process';
  /** What is wrong, as sentences; empty when it passes. May reject: that is a failure with the error's words. */
  run(subject: Subject): Promise<readonly string[]>;
}

/** What a check is done to. */
export interface Subject {
  readonly engine: Engine;
  readonly image: InspectedImage;
  readonly container: ContainerState;
  /** For one attempt. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /**
   * Starts one more container and waits until it is up. It is removed when the checks have ended.
   * @param ports TCP ports that are talked to
   * @param of its image; default: the one that is tested
   */
  start(how: ContainerStart, ports: readonly number[], of?: InspectedImage): Promise<ContainerState>;
  /** Names that the image goes by besides its reference in the engine, without tag. */
  readonly names: readonly string[];
  /** Registers work that is done when the checks have ended, or the run is cancelled. */
  cleanup(work: (processes: Processes) => Promise<void>): void;
  /** The image that was published before this one, brought into the engine; `undefined` where there is none. */
  previous(): Promise<InspectedImage | undefined>;
}

/** What a check that only talks to published ports is done to. */
export interface Reachable extends Pick<Subject, 'timeoutMs'> {
  readonly container: Pick<ContainerState, 'ports'>;
}

export interface ListedCheck {
  readonly title: string;
  readonly check: Check;
  /** Where it is written. */
  readonly place: Place;
  /** Of each attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Why it is not done. */
  readonly skip?: string;
}

/** How a container is started. */
export interface Start {
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly entrypoint?: string;
  readonly user?: string;
  readonly mounts: readonly ContainerMount[];
}

/** How a container is started, and when it is up. */
export interface ContainerStart {
  readonly start: Start;
  /** Absent: the image's health check, or else the ports that checks talk to. */
  readonly up: Up | undefined;
}

/** A container is up when all of this holds. */
export interface Up {
  readonly checks: readonly Check[];
  readonly log?: TextRule;
  /** The image's own health check has to say `healthy`. */
  readonly health: boolean;
  readonly timeoutMs: number;
}

/** What a text has to be like: all of it has to hold. */
export interface TextRule {
  readonly equals?: string;
  readonly contains: readonly string[];
  /** Regular expressions; `^` and `$` stand for the ends of lines. */
  readonly matches: readonly string[];
  /** What it must not contain, and must not match. */
  readonly lacks: readonly string[];
  readonly differs: readonly string[];
}
