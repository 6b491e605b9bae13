import { types } from 'node:util';
import { ServiceError, unsupported } from '../service-error';
import limits from '../service-limits.json';

/** One shape of the service model. `min` and `max` are of length, of entries or of the value, by type. */
interface Shape {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly item?: string;
  readonly key?: string;
  readonly value?: string;
  /** Name, with `!` when required -> shape. */
  readonly members?: Readonly<Record<string, string>>;
}

const SHAPES = limits.shapes as unknown as Readonly<Record<string, Shape>>;
const OPERATIONS = limits.operations as unknown as Readonly<Record<string, Readonly<Record<string, string>>>>;

export const OPERATION_NAMES: readonly string[] = Object.keys(OPERATIONS);

/**
 * Checks an input against the service model.
 *
 * @throws ServiceError ValidationException in SageMaker's words, with every violation; SerializationException for a
 *   value of another type; and an error that names a member this model does not know, since nobody would act on it
 */
export function validateInput(operation: string, input: Record<string, unknown>): void {
  const violations: string[] = [];
  checkMembers(OPERATIONS[operation] ?? {}, input, operation, '', violations);
  if (violations.length > 0) {
    const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
    throw new ServiceError('ValidationException', `${count} detected: ${violations.join('; ')}`);
  }
}

function checkMembers(members: Readonly<Record<string, string>>, value: Record<string, unknown>, owner: string, path: string, violations: string[]): void {
  const known = new Set<string>();
  for (const [member, shape] of Object.entries(members)) {
    const name = member.replace('!', '');
    known.add(name);
    const at = path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
    if (value[name] != null) {
      checkValue(shape, value[name], at, violations);
    } else if (member.endsWith('!')) {
      violations.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`);
    }
  }
  const stranger = Object.keys(value).find((name) => !known.has(name) && value[name] != null);
  if (stranger !== undefined) { throw unsupported(`member ${stranger} of ${path === '' ? owner : path}`); }
}

function checkValue(shapeName: string, value: unknown, path: string, violations: string[]): void {
  const shape = SHAPES[shapeName] as Shape;
  const violated = (constraint: string) => violations.push(`Value '${textOf(value)}' at '${path}' failed to satisfy constraint: Member must ${constraint}`);
  checkType(shape.type, value, path);
  if (shape.type === 'structure') {
    checkMembers(shape.members ?? {}, value as Record<string, unknown>, shapeName, path, violations);
  } else if (shape.type === 'list') {
    checkSize((value as unknown[]).length, shape, 'length', violated);
    (value as unknown[]).forEach((item, index) => checkValue(shape.item as string, item, `${path}.${index + 1}.member`, violations));
  } else if (shape.type === 'map') {
    const entries = Object.entries(value as object);
    checkSize(entries.length, shape, 'length', violated);
    for (const [key, entry] of entries) {
      checkValue(shape.key as string, key, `${path}.${key}.key`, violations);
      checkValue(shape.value as string, entry, `${path}.${key}.member`, violations);
    }
  } else if (shape.type === 'string') {
    if (shape.enum !== undefined && !shape.enum.includes(value as string)) { violated(`satisfy enum value set: [${shape.enum.join(', ')}]`); }
    checkSize([...value as string].length, shape, 'length', violated);
    if (shape.pattern !== undefined && !wholly(shape.pattern).test(value as string)) { violated(`satisfy regular expression pattern: ${shape.pattern}`); }
  } else if (shape.type === 'integer' || shape.type === 'number') {
    checkSize(value as number, shape, 'value', violated);
  }
}

function checkSize(size: number, shape: Shape, what: 'length' | 'value', violated: (constraint: string) => void): void {
  if (shape.min !== undefined && size < shape.min) { violated(`have ${what} greater than or equal to ${shape.min}`); }
  if (shape.max !== undefined && size > shape.max) { violated(`have ${what} less than or equal to ${shape.max}`); }
}

function checkType(type: string, value: unknown, path: string): void {
  const right = type === 'any' ? true
    : type === 'structure' || type === 'map' ? typeof value === 'object' && value !== null && !Array.isArray(value)
      : type === 'list' ? Array.isArray(value)
        : type === 'integer' ? Number.isInteger(value)
          : typeof value === type || (type === 'number' && types.isDate(value));
  if (!right) {
    throw new ServiceError('SerializationException', `Value at '${path}' must be a ${type}, got ${JSON.stringify(value)}`);
  }
}

const patterns = new Map<string, RegExp>();

/** The service matches the whole value; its patterns are Java's. */
function wholly(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, pattern.includes('\\p{') ? 'u' : '');
  patterns.set(pattern, known);
  return known;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const textOf = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
