/**
 * Reads the text of `/etc/os-release`: `NAME=value` lines, values optionally in quotes.
 * Format: os-release(5).
 */
export function parseOsRelease(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim());
    const name = match?.[1];
    if (name !== undefined) fields[name] = match?.[2] ?? match?.[3] ?? match?.[4] ?? '';
  }
  return fields;
}
