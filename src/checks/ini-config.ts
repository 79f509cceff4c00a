/** Configuration files in ini's format, as maps of texts. */
import { parse } from 'ini';

export function readIni(text: string): unknown {
  return parse(text);
}
