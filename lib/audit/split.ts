/** Pseudo parameters whose values have no separators in them. */
const PLAIN = /^AWS::(Partition|Region|AccountId|URLSuffix)$/;

/** A text split as `Fn::Split` does; undefined where what is known at deployment only may have separators in it. */
export function split(text: string, separator: string, isPlain: (reference: string) => boolean): string[] | undefined {
  const references = text.match(/\$\{[^}]*\}/g) ?? [];
  if (separator === '' || text.startsWith('{') || !references.every((reference) => PLAIN.test(reference.slice(2, -1)) || isPlain(reference.slice(2, -1)))) { return undefined; }
  // references may be called by the separator, as paths of constructs are by slashes
  let at = 0;
  const parts = text.replace(/\$\{[^}]*\}/g, '\0').split(separator);
  return parts.map((part) => part.replace(/\0/g, () => references[at++]));
}
