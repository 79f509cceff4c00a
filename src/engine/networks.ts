/** Networks that containers find each other on by name. */
import { demand, type Engine, runEngine } from './engine.ts';

/** Makes a network of its own for some containers. The caller removes it, also when this fails. */
export async function createNetwork(
  engine: Engine,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const options = Object.entries(labels).flatMap(([label, value]) => ['--label', `${label}=${value}`]);
  await demand(engine, 'the network for the containers could not be made', ['network', 'create', ...options, name]);
}

/** Removes a network without containers. One that is not there is fine. */
export async function removeNetwork(engine: Engine, name: string): Promise<void> {
  const result = await runEngine(engine, ['network', 'rm', name]);
  if (result.status !== 0 && !/not found|no such network/i.test(result.stderr))
    throw new Error(`removing network ${name}: ${result.stderr.trim()}`);
}
