/** Gibibytes of an `xlarge` of a family; the other sizes of a family are multiples of it. */
const PER_XLARGE: readonly (readonly [RegExp, number])[] = [
  [/^t[23]$/, 16],
  [/^m\d+[a-z]*$/, 16],
  [/^c4$/, 7.5],
  [/^c\d+g?n$/, 10.5],
  [/^c\d+[a-z]*$/, 8],
  [/^r4$/, 30.5],
  [/^r\d+[a-z]*$/, 32],
  [/^g6e$/, 32],
  [/^g(4dn|5|6)$/, 16],
  [/^p3$/, 30.5],
  [/^p3dn$/, 32],
  [/^p4de?$/, 48],
  [/^p(5|5e|5en|6-b200)$/, 2048 / 48],
  [/^inf1$/, 8],
  [/^(inf2|trn1|trn1n)$/, 16],
  [/^trn2$/, 2048 / 48],
];

/** How many bytes of memory an instance of a type has; nothing for a type that is not known. */
export function memoryOfInstance(type: string | undefined): number | undefined {
  const [, family = '', size = ''] = /^ml\.([a-z0-9-]+)\.(medium|large|\d*xlarge)$/.exec(type ?? '') ?? [];
  const gibibytes = PER_XLARGE.find(([pattern]) => pattern.test(family))?.[1];
  return gibibytes === undefined ? undefined : Math.floor(gibibytes * xlarges(size) * 2 ** 30);
}

/** Whether instances of a type have GPUs of NVIDIA. */
export const hasGpus = (type: string | undefined) => /^ml\.[gp]\d/.test(type ?? '');

function xlarges(size: string): number {
  if (size === 'medium') { return 0.25; }
  return size === 'large' ? 0.5 : Number(size.replace('xlarge', '') || 1);
}
