import type { JobMember } from '../job-progress';
import type { Interference, JobPlan, ScriptedOutcome } from '../sagemaker/interference';
import type { ServingAnswer } from '../sagemaker/container-server';
import type { Fault } from './fault';
import type { Outcome } from './outcome';
import { matches, requirePattern } from '../name-pattern';
import { scriptedOutcome } from './scripted-outcome';
import type { TestClock } from './test-clock';
import { millisecondsOf, type Time } from './time';

type Options = { readonly [member: string]: unknown };

interface ActiveFault {
  readonly fault: Fault;
  readonly kind: string;
  readonly options: Options;
  left: number;
  readonly until: number;
}

interface Script {
  readonly jobs: string;
  readonly outcomes: readonly Outcome[];
  /** How many jobs have had theirs. */
  taken: number;
}

/** How long SageMaker waits for a model. */
const LONGEST_INVOCATION = 60_000;

/** What a test wants to happen, and what of it has not happened yet. */
export class Scenario implements Interference {
  private active: ActiveFault[] = [];
  private scripts: Script[] = [];
  private readonly ended = new AbortController();

  /** @param operations that a fault may be for */
  constructor(private readonly clock: TestClock, private readonly operations: () => readonly string[]) {}

  /** @throws Error for a fault of an operation that is not known */
  public require(fault: Fault): void {
    const [kind, { operation }] = partsOf(fault) as [string, { operation?: string }];
    if (operation !== undefined && !this.operations().some((name) => matches(operation, name))) {
      throw new Error(`${kind}: there is no operation ${operation}; there are ${[...this.operations()].sort().join(', ')}`);
    }
  }

  /** @throws Error for a fault of an operation that is not known */
  public inject(fault: Fault): void {
    this.require(fault);
    const [kind, options] = partsOf(fault);
    const { times, lasts } = options as { times?: number | 'always'; lasts?: Time };
    const left = times === 'always' || (times === undefined && lasts !== undefined) ? Infinity : times ?? 1;
    this.active.push({ fault, kind, options, left, until: lasts === undefined ? Infinity : this.clock.now() + millisecondsOf(lasts, 'lasts') });
  }

  /** The last script of a job counts; its nth job has the nth outcome, and all further ones the last. */
  public script(jobs: string, outcomes: readonly Outcome[]): void {
    requirePattern(jobs, 'the jobs of a script');
    if (outcomes.length === 0) { throw new Error(`the script of the jobs ${jobs} needs an outcome`); }
    this.scripts.push({ jobs, outcomes, taken: 0 });
  }

  public clear(): void {
    this.active = [];
    this.scripts = [];
  }

  /** Faults that have not happened, or not as often as they were to. */
  public get pending(): Fault[] {
    return this.active.filter((each) => this.isActive(each)).map(({ fault }) => fault);
  }

  /** The next fault of a call. */
  public faultOfCall(operation: string): { readonly kind: string; readonly options: Options } | undefined {
    return this.take(({ options }) => typeof options.operation === 'string' && matches(options.operation, operation));
  }

  public isScripted(kind: JobMember, given: string): boolean {
    // What a tuning job runs are its training jobs.
    const name = kind === 'HyperParameterTuningJob' ? `${given}-001-00000000` : given;
    const script = this.scriptOf(name);
    return (script !== undefined && scriptedOutcome(outcomeOf(script), script.jobs) !== undefined) || this.active.some((each) => this.isActive(each) && isFor(each, 'noCapacity', 'job', name));
  }

  public planOf({ name, isSpot = false }: { readonly kind: JobMember; readonly name: string; readonly isSpot?: boolean }): JobPlan {
    const isWithout = this.take((each) => isFor(each, 'noCapacity', 'job', name)) !== undefined;
    if (isWithout && !isSpot) { return { outcome: { ...NO_CAPACITY, note: 'This job is not run: it was scripted that there is no capacity for it.' } }; }
    const script = this.scriptOf(name);
    const outcome = script === undefined ? undefined : scriptedOutcome(outcomeOf(script), script.jobs);
    if (script !== undefined) { script.taken += 1; }
    return { outcome, spot: isSpot ? this.spotOf(name, isWithout) : undefined };
  }

  public noCapacityFor(endpointName: string): string | undefined {
    return this.take((each) => isFor(each, 'noCapacity', 'endpoint', endpointName)) === undefined ? undefined
      : 'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. Please retry using a different ML instance type.';
  }

  public async answerOf(endpointName: string): Promise<ServingAnswer | undefined> {
    const slow = this.take((each) => isFor(each, 'slowEndpoint', 'endpoint', endpointName));
    if (slow !== undefined) {
      const wanted = millisecondsOf(slow.options.by as Time, 'by');
      await this.pause(Math.min(wanted, LONGEST_INVOCATION));
      if (wanted >= LONGEST_INVOCATION) { return answer(500, 'Your invocation timed out while waiting for a response from container primary.'); }
    }
    const error = this.take((each) => isFor(each, 'modelError', 'endpoint', endpointName))?.options as { status?: number; message?: string } | undefined;
    return error === undefined ? undefined : answer(error.status ?? 500, error.message ?? 'Internal Server Error');
  }

  public whileBusy<T>(work: Promise<T>): Promise<T> {
    return this.clock.whileBusy(work);
  }

  /** Real time, as clients wait. Ends with everything. */
  public async pause(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
      this.ended.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    clearTimeout(timer);
  }

  public end(): void {
    this.ended.abort();
  }

  private spotOf(name: string, isWithout: boolean): JobPlan['spot'] {
    const wait = this.take((each) => isFor(each, 'spotWait', 'job', name))?.options.wait as Time | undefined;
    const interruptions = this.active.filter((each) => this.isActive(each) && isFor(each, 'spotInterruption', 'job', name)).map((each) => {
      each.left -= 1;
      const { after, atLine, wait: until } = each.options as { after?: Time; atLine?: string; wait?: Time };
      return { after: after === undefined ? undefined : millisecondsOf(after, 'after'), atLine, wait: until === undefined ? Infinity : millisecondsOf(until, 'wait') };
    });
    return { wait: isWithout ? Infinity : wait === undefined ? 0 : millisecondsOf(wait, 'wait'), interruptions };
  }

  private scriptOf(name: string): Script | undefined {
    return this.scripts.filter(({ jobs }) => matches(jobs, name)).at(-1);
  }

  private take(isIt: (each: ActiveFault) => boolean): ActiveFault | undefined {
    const found = this.active.find((each) => this.isActive(each) && isIt(each));
    if (found !== undefined) { found.left -= 1; }
    return found;
  }

  private isActive({ left, until }: ActiveFault): boolean {
    return left > 0 && this.clock.now() < until;
  }
}

const partsOf = (fault: Fault) => Object.entries(fault.toJSON())[0] as [string, Options];
const NO_CAPACITY: Omit<ScriptedOutcome, 'note'> = { after: 0, neverStarts: true, reason: 'CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type.' };
const outcomeOf = ({ outcomes, taken }: Script) => outcomes[Math.min(taken, outcomes.length - 1)] as Outcome;
const isFor = ({ kind, options }: ActiveFault, wanted: string, target: 'job' | 'endpoint', name: string) => kind === wanted && typeof options[target] === 'string' && matches(options[target] as string, name);
const answer = (status: number, message: string): ServingAnswer => ({ status, contentType: 'text/plain', body: Buffer.from(message) });
