/** Variables of the runner that are its own: a test file must not bring them into a container. */
const reserved = /^(?:INPUT_|ACTIONS_|RUNNER_TOKEN|GITHUB_TOKEN$)/i;

/** The variables of the job that test files may use. Pure. */
export function handedOn(env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || reserved.test(name) ? [] : [[name, value] as const],
    ),
  );
}
