/** An element of an answer in XML: what is in it, in the order in which it came. */
export interface XmlElement {
  readonly name: string;
  /** Of an element that has no others in it. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const ENTITIES: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const TOKENS = /<\?[^]*?\?>|<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<(\/?)([\w:.-]+)[^>]*?(\/?)>|([^<]+)/g;

/** What a service of the Query protocol answers. No document that anybody else has written is read with it. */
export function xmlTree(xml: string): XmlElement {
  const root = { name: '', text: '', children: [] as XmlElement[] };
  const open = [root];
  for (const [, data, slash, name, isEmpty, text] of xml.matchAll(TOKENS)) {
    const top = open.at(-1) as typeof root;
    if (text !== undefined || data !== undefined) { top.text += data ?? unescaped(text as string); }
    if (name === undefined) { continue; }
    if (slash === '/') { if (open.length > 1) { open.pop(); } continue; }
    const element = { name, text: '', children: [] as XmlElement[] };
    top.children.push(element);
    if (isEmpty !== '/') { open.push(element); }
  }
  return root;
}

/** The first element below, at some path of names. */
export function elementAt(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((place, name) => place?.children.find((child) => child.name === name), element);
}

export const textAt = (element: XmlElement | undefined, ...path: readonly string[]) => elementAt(element, ...path)?.text;

/** The members of a list, which the Query protocol calls so. */
export const membersAt = (element: XmlElement | undefined, ...path: readonly string[]) => (elementAt(element, ...path)?.children ?? []).filter(({ name }) => name === 'member');

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex?: string, decimal?: string, name = '') =>
    (hex !== undefined ? String.fromCodePoint(parseInt(hex, 16)) : decimal !== undefined ? String.fromCodePoint(Number(decimal)) : ENTITIES[name] ?? whole));
}
