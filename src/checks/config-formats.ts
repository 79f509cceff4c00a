/** Configuration files as data. Each format's reader is loaded when a file of it is read. */
import { extname } from 'node:path';
import { parseEnv } from 'node:util';

export const configFormats = ['ini', 'json', 'yaml', 'toml', 'xml', 'env', 'nginx'] as const;
export type ConfigFormat = (typeof configFormats)[number];

const byExtension: Readonly<Record<string, ConfigFormat>> = {
  '.ini': 'ini',
  '.cnf': 'ini',
  '.cfg': 'ini',
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.toml': 'toml',
  '.xml': 'xml',
  '.env': 'env',
};

/** What the name of a file tells; `undefined` when it tells nothing. */
export function formatOf(path: string): ConfigFormat | undefined {
  if (path.endsWith('/.env')) return 'env';
  return byExtension[extname(path).toLowerCase()];
}

/**
 * - ini: sections are maps; keys before the first section are at the root
 * - xml: elements are maps, several of a name a list; an attribute is `@name`, text beside others `#text`
 * - nginx: each directive is its arguments as one text, a block a map; several of a name are a list
 *
 * All that has no type of its own in the format is text.
 * @throws Error with the reader's words when the text is not of the format
 */
export async function parseConfig(text: string, format: ConfigFormat): Promise<unknown> {
  switch (format) {
    case 'json':
      return JSON.parse(text);
    case 'env':
      return parseEnv(text);
    case 'ini':
      return (await import('./ini-config.ts')).readIni(text);
    case 'toml':
      return (await import('smol-toml')).parse(text);
    case 'yaml':
      return (await import('yaml')).parse(text);
    case 'xml':
      return (await import('./xml-config.ts')).readXml(text);
    case 'nginx':
      return (await import('./nginx-config.ts')).parseNginx(text);
  }
}
