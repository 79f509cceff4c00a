import { reservedVariables } from '../../engine/index.ts';

/** The variables of the job that test files may use. Pure. */
export function handedOn(env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || reservedVariables.test(name) ? [] : [[name, value] as const],
    ),
  );
}
