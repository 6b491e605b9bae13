import { checkMembers, MEMBERS } from './fault-kinds';
import { timesOf } from './scripted-outcome';
import type { Time } from './time';

/** Files by their paths. */
export type Files = { readonly [path: string]: string | Uint8Array };

/** What a job that is not run leaves. */
export interface OutcomeOptions {
  /** How much of the time passes until it has instances. @default 0 */
  readonly starting?: Time;
  /** Lines of its log. */
  readonly log?: readonly string[];
  /** The final metrics of a training job; a tuning job reads its objective there. */
  readonly metrics?: { readonly [name: string]: number };
}

export interface CompletionOptions extends OutcomeOptions {
  /** The model of a training job: files, or the bytes of a .tar.gz. @default - an empty archive */
  readonly artifact?: Files | Uint8Array;
  /** What else it writes to S3, by URI: outputs of processing and transform jobs. */
  readonly objects?: Files;
}

/** An outcome as JSON has it: `{ "completesAfter": 60 }`, `{ "fails": "…", "after": 60 }`, `{ "runsUntilStopped": true }`, `{ "runs": true }`. */
export type OutcomeDocument = { readonly [member: string]: unknown };

/** What becomes of a job whose program is not run. */
export class Outcome {
  /** It is Completed so long after its creation. */
  public static completesAfter(time: Time, options: CompletionOptions = {}): Outcome { return new Outcome({ completesAfter: time, ...options }); }

  /** It is Failed so long after its creation, for this reason. @param reason as SageMaker gives it: `AlgorithmError: …` */
  public static fails(reason: string, after: Time = 0, options: OutcomeOptions = {}): Outcome { return new Outcome({ fails: reason, after, ...options }); }

  /** It goes on until it is stopped, by whoever does, or by its time limit. */
  public static runsUntilStopped(options: OutcomeOptions = {}): Outcome { return new Outcome({ runsUntilStopped: true, ...options }); }

  /** It is run, as without a script. */
  public static runs(): Outcome { return new Outcome({ runs: true }); }

  public static fromJson(document: OutcomeDocument): Outcome { return new Outcome(document); }

  /** @throws Error that names what is wrong with it */
  private constructor(private readonly document: OutcomeDocument) { checkOutcome(document); }

  public toJSON(): OutcomeDocument { return this.document; }
}

const flagged = (value: unknown) => (value === true ? undefined : 'be true');
const table = (value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'be an object');
const numbers = (value: unknown) => table(value) ?? (Object.values(value as object).every((each) => Number.isFinite(each)) ? undefined : 'have numbers');
const files = (value: unknown) => table(value) ?? (Object.values(value as object).every((each) => typeof each === 'string' || each instanceof Uint8Array) ? undefined : 'have texts or bytes');
const lines = (value: unknown) => (Array.isArray(value) && value.every((each) => typeof each === 'string') ? undefined : 'be a list of texts');
const uris = (value: unknown) => files(value) ?? (Object.keys(value as object).every((each) => /^s3:\/\/[^/]+\/./.test(each)) ? undefined : 'have s3:// URIs of objects');
const { text, time } = MEMBERS;

const MAY = { starting: time, log: lines, metrics: numbers };
const KINDS = {
  completesAfter: { needs: { completesAfter: time }, may: { ...MAY, artifact: (value: unknown) => (value instanceof Uint8Array ? undefined : files(value)), objects: uris } },
  fails: { needs: { fails: text }, may: { ...MAY, after: time } },
  runsUntilStopped: { needs: { runsUntilStopped: flagged }, may: MAY },
  runs: { needs: { runs: flagged }, may: {} },
};

function kindOf(document: OutcomeDocument): keyof typeof KINDS {
  const kinds = Object.keys(document).filter((member) => Object.hasOwn(KINDS, member));
  if (kinds.length !== 1) { throw new Error(`an outcome has one of ${Object.keys(KINDS).join(', ')}; got ${JSON.stringify(document)}`); }
  return kinds[0] as keyof typeof KINDS;
}

function checkOutcome(document: OutcomeDocument): void {
  const kind = kindOf(document);
  checkMembers(kind, document, KINDS[kind].needs, KINDS[kind].may);
  const { after, starting } = timesOf(document);
  if (starting > after) { throw new Error(`"starting" of ${kind} must not be longer than all of it`); }
}
