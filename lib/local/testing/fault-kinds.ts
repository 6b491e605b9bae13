import { millisecondsOf, type Time } from './time';

type Member = (value: unknown) => string | undefined;

const text: Member = (value) => (typeof value === 'string' && value !== '' ? undefined : 'be a text that is not empty');
const whole = (from: number, to: number): Member => (value) => (Number.isInteger(value) && (value as number) >= from && (value as number) <= to ? undefined : `be a whole number from ${from} to ${to}`);
const flag: Member = (value) => (typeof value === 'boolean' ? undefined : 'be true or false');
const time: Member = (value) => {
  try {
    millisecondsOf(value as Time, '');
    return undefined;
  } catch {
    return 'be seconds, or parts such as { "hours": 1 }, and not be negative';
  }
};

const OFTEN: Members = { times: (value) => (value === 'always' || (Number.isInteger(value) && (value as number) > 0) ? undefined : "be a whole number above 0, or 'always'"), lasts: time };

type Members = { readonly [member: string]: Member };

/** What a fault is for, what it needs, and what it may have. */
interface Kind {
  readonly target: readonly ('operation' | 'job' | 'endpoint')[];
  readonly needs?: Members;
  readonly may?: Members;
}

const CALL = { target: ['operation'] } as const;
const JOB = { target: ['job'] } as const;
const ENDPOINT = { target: ['endpoint'] } as const;

export const FAULT_KINDS: { readonly [fault: string]: Kind } = {
  throttle: CALL,
  serverError: { ...CALL, may: { status: (value) => (value === 500 || value === 503 ? undefined : 'be 500 or 503') } },
  accessDenied: CALL,
  limitExceeded: { ...CALL, may: { instanceType: text } },
  error: { ...CALL, needs: { name: text, message: text }, may: { status: whole(400, 599) } },
  cutConnection: { ...CALL, may: { afterEffect: flag } },
  noAnswer: CALL,
  slowAnswer: { ...CALL, needs: { by: time } },
  noCapacity: { target: ['job', 'endpoint'] },
  spotWait: { ...JOB, needs: { wait: time } },
  spotInterruption: { ...JOB, may: { after: time, atLine: text, wait: time } },
  modelError: { ...ENDPOINT, may: { status: whole(400, 599), message: text } },
  slowEndpoint: { ...ENDPOINT, needs: { by: time } },
};

/** @throws Error that names what is wrong */
export function checkFault(document: unknown): void {
  const { name, options } = only(document, FAULT_KINDS, 'fault');
  const { target, needs = {}, may = {} } = FAULT_KINDS[name] as Kind;
  const targets = Object.keys(options).filter((member) => target.some((each) => each === member));
  if (targets.length !== 1) { throw new Error(`${name} needs ${target.map((each) => `"${each}"`).join(' or ')}${targets.length > 1 ? ', and not both' : ''}`); }
  checkMembers(name, options, { ...needs, [targets[0] as string]: text }, { ...may, ...OFTEN });
  if (name === 'spotInterruption' && (options.after === undefined) === (options.atLine === undefined)) { throw new Error('spotInterruption needs "after" or "atLine", and not both'); }
}

/** The one member of an object, which has to be known. @throws Error that lists those that are */
function only(document: unknown, known: object, noun: string): { readonly name: string; readonly options: { readonly [member: string]: unknown } } {
  const entries = typeof document === 'object' && document !== null ? Object.entries(document) : [];
  const [name, options] = entries[0] ?? [];
  if (entries.length !== 1 || name === undefined || !Object.hasOwn(known, name)) {
    throw new Error(`a ${noun} is an object with one of ${Object.keys(known).join(', ')}; got ${JSON.stringify(document)}`);
  }
  if (typeof options !== 'object' || options === null || Array.isArray(options)) { throw new Error(`${name} takes an object, got ${JSON.stringify(options)}`); }
  return { name, options: options as { [member: string]: unknown } };
}

/** @throws Error for a member that is missing, unknown or wrong */
export function checkMembers(name: string, options: { readonly [member: string]: unknown }, needs: Members, may: Members): void {
  const known = { ...needs, ...may };
  for (const member of Object.keys(needs)) { if (options[member] === undefined) { throw new Error(`${name} needs "${member}"`); } }
  for (const [member, value] of Object.entries(options)) {
    if (value === undefined) { continue; }
    if (!Object.hasOwn(known, member)) { throw new Error(`${name} does not know "${member}"; it knows ${Object.keys(known).join(', ')}`); }
    const wrong = (known[member] as Member)(value);
    if (wrong !== undefined) { throw new Error(`"${member}" of ${name} must ${wrong}; got ${JSON.stringify(value)}`); }
  }
}

export const MEMBERS = { text, time, flag };
