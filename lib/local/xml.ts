import { types } from 'node:util';

/** A value as XML: a list repeats its element, `undefined` is left out. */
export type XmlValue = string | number | boolean | Date | undefined | readonly XmlValue[] | { readonly [element: string]: XmlValue };

export function xmlDocument(root: string, value: XmlValue, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${content(value)}</${root}>`;
}

function content(value: XmlValue): string {
  if (value === undefined || Array.isArray(value)) { return ''; }
  if (types.isDate(value)) { return value.toISOString(); }
  if (typeof value !== 'object') { return escaped(String(value)); }
  return Object.entries(value as Record<string, XmlValue>).flatMap(([name, member]) => (Array.isArray(member) ? member as XmlValue[] : [member])
    .filter((each) => each !== undefined).map((each) => `<${name}>${content(each)}</${name}>`)).join('');
}

/** The text of each element of that name, wherever it is. For the few requests whose body is XML. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^]*?)</(?:\\w+:)?${name}>`, 'g'))].map((match) => match[1] as string);
}

export function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(lt|gt|quot|apos|amp));/g, (_, hex?: string, decimal?: string, name?: string) =>
    (hex !== undefined ? String.fromCodePoint(parseInt(hex, 16)) : decimal !== undefined ? String.fromCodePoint(Number(decimal)) : NAMED[name as string] as string));
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

// Characters that XML can't hold at all are sent as references, as S3 does; clients ask for url encoding to be safe.
const escaped = (text: string) => text.replace(/[&<>"\u0000-\u001f]/g, (letter) => `&#${letter.charCodeAt(0)};`);
