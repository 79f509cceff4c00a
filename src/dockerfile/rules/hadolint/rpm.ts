/** Names of packages as yum and dnf take them. */

/** `name-version[-release]`, or a file: at least one part behind a dash that begins with a digit. */
export function hasRpmVersion(name: string): boolean {
  const [, ...parts] = name.split('-');
  if (parts.length === 0) return false;
  return (
    name.endsWith('.rpm') ||
    (parts.every((part) => /^[\w.~^:+]*$/.test(part)) && parts.some((part) => /^\d/.test(part)))
  );
}
