/** XML as the maps and lists that checks of configuration files look into. */
import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';

/** An element without attributes and elements is its text. */
export type XmlValue = string | XmlMap | XmlValue[];
export interface XmlMap {
  [name: string]: XmlValue;
}

/** @throws Error with the parser's words when the text is no XML; documents have no say in what is read besides */
export function readXml(text: string): XmlMap {
  const { root } = parseXml(text);
  const document: XmlMap = Object.create(null);
  if (root !== null) document[root.name] = elementValue(root);
  return document;
}

function elementValue(element: XmlElement): XmlValue {
  const map: XmlMap = Object.create(null);
  for (const [name, value] of Object.entries(element.attributes)) map[`@${name}`] = value;
  for (const child of element.children) if (child instanceof XmlElement) add(map, child.name, elementValue(child));
  const own = element.children
    .map((child) => (child instanceof XmlText ? child.text : ''))
    .join('')
    .trim();
  if (Object.keys(map).length === 0) return own;
  if (own !== '') map['#text'] = own;
  return map;
}

function add(map: XmlMap, name: string, value: XmlValue): void {
  const known = map[name];
  if (known === undefined) map[name] = value;
  else if (Array.isArray(known)) known.push(value);
  else map[name] = [known, value];
}
