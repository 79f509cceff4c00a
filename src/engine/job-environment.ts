/** Variables of the runner that are its own: no command or container that a test file names may see them. */
const reserved = /^(?:INPUT_|ACTIONS_|RUNNER_TOKEN|GITHUB_TOKEN$)/i;

/** The variables of the job that what a test file names may see. Pure. */
export function handedOn(env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || reserved.test(name) ? [] : [[name, value] as const],
    ),
  );
}
