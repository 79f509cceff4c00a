/** The engine that an action works with, logged in where it has a login. */
import type { Processes } from '../processes.ts';
import { detectEngine, type Engine } from './engine.ts';
import { type Credentials, logIn } from './login.ts';

export interface Opening {
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string>>;
  /** The one that has to be there; absent: whichever is. */
  readonly wanted?: Engine['kind'] | undefined;
  readonly credentials: Credentials | undefined;
  /** Registers what takes the login away again. */
  cleanup(work: () => Promise<void>): void;
}

/** @throws ProblemsError without an engine, and when the registry refuses the login */
export async function openEngine({ processes, env, wanted, credentials, cleanup }: Opening): Promise<Engine> {
  const engine = await detectEngine(processes, env, wanted);
  if (credentials === undefined) return engine;
  const login = await logIn(engine, credentials);
  cleanup(login.logOut);
  return login.engine;
}
