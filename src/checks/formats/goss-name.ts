/** Whether a file is one of goss's: known without reading it as YAML, for it may be a template of YAML. */
import { posix } from 'node:path';

const types =
  'addr|command|dns|file|gossfile|group|http|interface|kernel-param|matching|mount|package|port|process|service|user';
const own = /^["']?(?:start|up|include|checks|schemaVersion)["']?\s*:/m;
const resources = new RegExp(`^(?:\\{\\s*)?["']?(?:${types})["']?\\s*:`, 'm');

/** By its name, `goss.yaml` or `goss-web.json`, or by what it holds at the left edge. Pure. */
export function isGoss(name: string, text: string): boolean {
  return /^goss(?:[._-].*)?\.(?:ya?ml|json)$/.test(posix.basename(name)) || (resources.test(text) && !own.test(text));
}
