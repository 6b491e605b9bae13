/** Whether an event matches. */
export type Matches = (event: unknown) => boolean;
type Test = (value: unknown) => boolean;

const NOTHING = Symbol('nothing');
const ORDERS: { readonly [operator: string]: (a: number, b: number) => boolean } = {
  '=': (a, b) => a === b, '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b,
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const textTest = (holds: (text: string) => boolean): Test => (value) => typeof value === 'string' && holds(value);

/** Reads a pattern of EventBridge. @throws Error that names what of it is not one, or not understood here */
export function patternOf(pattern: unknown, path = 'EventPattern'): Matches {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) { throw new Error(`Event pattern is not valid. Reason: ${path} must be an object that is not empty`); }
  const fields = Object.entries(pattern).map(([name, expected]): Matches => {
    const at = `${path}.${name}`;
    if (name === '$or') {
      if (!Array.isArray(expected) || expected.length === 0) { throw new Error(`Event pattern is not valid. Reason: ${at} must be a list of patterns`); }
      const any = expected.map((each) => patternOf(each, at));
      return (event) => any.some((matches) => matches(event));
    }
    const member = (event: unknown) => (isObject(event) && Object.hasOwn(event, name) ? event[name] : NOTHING);
    if (!Array.isArray(expected)) {
      const nested = patternOf(expected, at);
      // Of a list of objects, one has to match.
      return (event) => [member(event)].flat().some((value) => nested(value));
    }
    if (expected.length === 0) { throw new Error(`Event pattern is not valid. Reason: ${at} must not be an empty list`); }
    const tests = expected.map((each) => testOf(each, at));
    // Of a list in the event, one element has to match.
    return (event) => [member(event)].flat().some((value) => tests.some((test) => test(value)));
  });
  return (event) => fields.every((matches) => matches(event));
}

function testOf(expected: unknown, path: string): Test {
  if (isScalar(expected)) { return (value) => value === expected; }
  const entries = Object.entries(isObject(expected) ? expected : {});
  const [operator = '', operand] = entries[0] ?? [];
  const wrong = (why: string) => new Error(`Event pattern is not valid. Reason: ${path}: ${why}`);
  if (entries.length !== 1) { throw wrong(`a value or one operator is needed, got ${JSON.stringify(expected)}`); }
  switch (operator) {
    case 'exists':
      if (typeof operand !== 'boolean') { throw wrong('exists must be true or false'); }
      return (value) => (value !== NOTHING && !isObject(value)) === operand;
    case 'numeric': return numericTest(operand, wrong);
    case 'anything-but': {
      const excluded = isObject(operand) ? Object.entries(operand).flatMap(([name, texts]) => [texts].flat().map((text) => textOperator(name, text))) : [operand].flat().map((each) => testOf(each, path));
      if (excluded.length === 0 || excluded.includes(undefined)) { throw wrong(`anything-but ${JSON.stringify(operand)} is not understood by the local AWS`); }
      return (value) => value !== NOTHING && !excluded.some((test) => test?.(value));
    }
    default: {
      const test = textOperator(operator, operand);
      if (test === undefined) { throw wrong(`${JSON.stringify(expected)} is not understood by the local AWS`); }
      return test;
    }
  }
}

function textOperator(operator: string, operand: unknown): Test | undefined {
  if (isObject(operand) && (operator === 'prefix' || operator === 'suffix') && typeof operand['equals-ignore-case'] === 'string') {
    const wanted = operand['equals-ignore-case'].toLowerCase();
    return textTest((text) => (operator === 'prefix' ? text.toLowerCase().startsWith(wanted) : text.toLowerCase().endsWith(wanted)));
  }
  if (typeof operand !== 'string') { return undefined; }
  switch (operator) {
    case 'prefix': return textTest((text) => text.startsWith(operand));
    case 'suffix': return textTest((text) => text.endsWith(operand));
    case 'equals-ignore-case': return textTest((text) => text.toLowerCase() === operand.toLowerCase());
    case 'wildcard': {
      const parts = operand.match(/\\[^]|[^]/g) ?? [];
      const pattern = new RegExp(`^${parts.map((part) => (part === '*' ? '.*' : part.at(-1)?.replace(/[\\^$.|?*+()[\]{}]/, '\\$&'))).join('')}$`, 's');
      return textTest((text) => pattern.test(text));
    }
    default: return undefined;
  }
}

function numericTest(operand: unknown, wrong: (why: string) => Error): Test {
  const parts = Array.isArray(operand) ? operand as unknown[] : [];
  const bounds = parts.flatMap((operator, index) => (index % 2 === 0 ? [[ORDERS[String(operator)], parts[index + 1]] as const] : []));
  if (bounds.length === 0 || bounds.length > 2 || bounds.some(([order, bound]) => order === undefined || typeof bound !== 'number')) { throw wrong(`numeric ${JSON.stringify(operand)} is no comparison`); }
  return (value) => typeof value === 'number' && bounds.every(([order, bound]) => order?.(value, bound as number));
}
