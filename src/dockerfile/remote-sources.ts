/** Whether `ADD` fetches a source: https://docs.docker.com/reference/dockerfile/#source, git repositories included. */
export function isRemote(source: string): boolean {
  return /^(?:https?|git|ssh):\/\//.test(source) || /^[\w.-]+@[\w.-]+:/.test(source);
}
