/**
 * A key of S3 as a path on disk, segment by segment: readable for ordinary keys, and never a way out of the folder.
 *
 * Percent-encoded is what a file system can't take or gives a meaning to: control characters, `\ : * ? " < > |`, `%`
 * itself, and the segments `.` and `..`. An empty segment (a key that ends in `/` or has `//`) is `%0`; a segment that is
 * too long for a file name is cut into folders whose names end in `%-`.
 */
export function pathOfKey(key: string): string[] {
  return key.split('/').flatMap(encodeSegment);
}

/** The key that a path stands for. */
export function keyOfPath(names: readonly string[]): string {
  let key = '';
  names.forEach((name, index) => {
    const more = name.endsWith('%-');
    const text = name === '%0' ? '' : (more ? name.slice(0, -2) : name).replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    key += more || index === names.length - 1 ? text : `${text}/`;
  });
  return key;
}

/** File systems take 255 bytes; the ending and a letter of four bytes must still fit. */
const LONGEST_NAME = 240;

function encodeSegment(segment: string): string[] {
  if (segment === '') { return ['%0']; }
  if (segment === '.' || segment === '..') { return [segment.replaceAll('.', '%2E')]; }
  const names: string[] = [];
  let name = '';
  for (const letter of segment) {
    const encoded = /[\u0000-\u001f\u007f%\\:*?"<>|]/.test(letter) ? `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}` : letter;
    if (Buffer.byteLength(name + encoded) > LONGEST_NAME) {
      names.push(`${name}%-`);
      name = '';
    }
    name += encoded;
  }
  return [...names, name];
}
