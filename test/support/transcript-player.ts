import { jobEvent, jobName, jobProperties, OUTPUT, outcomeEvent, ourTags } from './job-events';
import { ServiceFault } from './job-records';
import { Killed, SimulatedCloud } from './simulated-cloud';
import type { FaultPlan, HandlerModule, SentAnswer, Tree } from './simulated-cloud';
import type { TestedKind } from './tested-kinds';
import type { Transcript, TranscriptStep } from './transcripts';

/** What a transcript leaves open. */
export interface Variant {
  readonly name: string;
  /** Steps in another order, left out or changed. */
  readonly steps?: (steps: readonly TranscriptStep[]) => readonly TranscriptStep[];
  /** How long after an unanswered event the next one comes; negative: before it. */
  readonly gapMs?: number;
  /** For the fault steps: how many times, or which call. */
  readonly number?: number;
  /** The second of two equal deliveries, so long after the first. */
  readonly secondAfterMs?: number;
  /** Which alternative of `Stopped: … | Failed`. */
  readonly ends?: string;
}

/** Plays a transcript to the handler and says what was not as written. */
export class TranscriptPlayer {
  public readonly differences: string[] = [];
  private readonly cloud: SimulatedCloud;
  private last: { event: Tree; launched: number; stopped: number; answer?: SentAnswer } | undefined;
  private readonly sentEvents: Tree[] = [];

  private readonly runs: { readonly [letter: string]: Tree };

  constructor(handler: HandlerModule, private readonly all: readonly Transcript[], private readonly variant: Variant, private readonly kind: TestedKind) {
    this.cloud = new SimulatedCloud(handler);
    this.runs = { A: jobProperties('A', {}, kind), B: jobProperties('B', {}, kind) };
  }

  /** `job(B)-2` -> the name it stands for. */
  private readonly named = (text: string) => text.replace(/job\((\w)\)/g, (_all, letter: string) => jobName(this.runs[letter] as never));

  public async play(transcript: Transcript): Promise<void> {
    const steps = this.variant.steps?.(transcript.steps) ?? transcript.steps;
    await this.prepare(steps);
    for (const [index, step] of steps.entries()) { await this.step(step, steps.slice(index + 1)); }
    await this.cloud.time.run();
    for (const event of this.sentEvents) {
      const bodies = new Set(this.cloud.answersTo(event).map(({ body }) => body));
      if (bodies.size > 1) { this.differences.push(`${event.RequestType} ${event.LogicalResourceId}: answered in two ways`); }
      for (const body of bodies) { if (Buffer.byteLength(body) > 4096) { this.differences.push('an answer is too long'); } }
    }
  }

  /** A transcript that begins in the middle of a stack's life finds the job that its first event is about. */
  private async prepare(steps: readonly TranscriptStep[]): Promise<void> {
    const first = steps.find((step) => step.event);
    if (steps.some((step) => step.after)) { return; }
    if (first?.event === 'Update' || first?.event === 'Delete') {
      this.put('A', first.event === 'Delete' && this.stopsSomething(steps) ? 'InProgress' : 'Completed');
      if (first.PhysicalResourceId === 'job(B)') { this.put('B', 'Failed'); }
    }
    this.cloud.stackStatus = first?.event === 'Create' ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS';
  }

  private stopsSomething(steps: readonly TranscriptStep[]): boolean { return steps.some((step) => (step.stopped ?? []).length > 0); }

  private put(letter: string, status: string): void {
    this.cloud.jobs.put(this.named(`job(${letter})`), { kind: this.kind, request: this.runs[letter]!.Request, status, secondary: status, tags: ourTags() });
  }

  private async step(step: TranscriptStep, rest: readonly TranscriptStep[]): Promise<void> {
    if (step.after) {
      const before = this.all.find(({ name }) => name === step.after)!;
      await this.prepare(before.steps);
      for (const [index, earlier] of before.steps.entries()) { await this.step(earlier, before.steps.slice(index + 1)); }
      this.cloud.stackStatus = 'UPDATE_IN_PROGRESS';
    } else if (step.stack) {
      this.cloud.stackStatus = step.stack;
    } else if (step.sagemaker) {
      this.sagemaker(step.sagemaker);
    } else if (step.fault) {
      return;
    } else if (step.event) {
      await this.deliver(step, rest);
    } else if (step.expect) {
      await this.check(step);
    }
  }

  private sagemaker(text: string): void {
    const gone = /^record of (.*) deleted$/.exec(text)?.[1];
    if (gone) {
      this.cloud.jobs.records.delete(this.named(gone));
      return;
    }
    const [, job, ends] = /^(\S+) (.*)$/.exec(text)!;
    const [status, detail] = (this.variant.ends ?? ends!).split(': ') as [string, string | undefined];
    this.cloud.jobs.end(this.named(job!), status, detail === 'MaxRuntimeExceeded' ? detail : status, detail);
  }

  private async deliver(step: TranscriptStep, rest: readonly TranscriptStep[]): Promise<void> {
    const expected = rest[0]?.reason === 'CreateTrainingJob refused';
    this.cloud.faults = expected ? this.refusing() : this.faultOf(rest.find(({ fault }) => fault)?.fault);
    const event = this.eventOf(step);
    const repeated = step.RequestId !== undefined && this.sentEvents.some(({ RequestId }) => RequestId === step.RequestId);
    if (!repeated) { this.sentEvents.push(event); this.last = { event, launched: this.cloud.jobs.launched.length, stopped: this.cloud.jobs.stopped.length }; }
    if (repeated && this.variant.secondAfterMs) { await this.cloud.time.run(this.cloud.time.now() + this.variant.secondAfterMs); }
    this.cloud.deliver(event);
    if (step.answered === false) {
      await this.cloud.time.run(this.cloud.time.now() + (this.variant.gapMs ?? 60_000));
    }
  }

  private faultOf(fault: string | undefined) {
    if (fault?.startsWith('process killed')) {
      return { after: (_operation: string, count: number) => (count === this.variant.number ? new Killed('gone') : undefined) };
    }
    if (fault?.startsWith('ResponseURL')) {
      let puts = 0;
      const broken = () => (++puts % 2 ? Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) : new ServiceFault('SlowDown', '', 503));
      return { before: (operation: string) => (operation === 'PutAnswer' && puts < (this.variant.number ?? 1) ? broken() : undefined) };
    }
    return {};
  }

  private eventOf(step: TranscriptStep): Tree {
    const id = step.PhysicalResourceId === 'as answered' ? String(this.last!.answer!.parsed.PhysicalResourceId) : step.PhysicalResourceId && this.named(step.PhysicalResourceId);
    const more = { ...(id ? { PhysicalResourceId: id } : {}), ...(step.RequestId ? { RequestId: `${step.RequestId}-${this.variant.name}` } : {}) };
    if (step.to === 'Outcome') {
      const name = this.named((step.properties as Tree).JobName as string);
      const old = step.oldProperties ? { OldResourceProperties: { JobName: this.named((step.oldProperties as Tree).JobName as string) } } : {};
      return outcomeEvent(step.event!, name, { ...more, ...old }, { Kind: this.kind.kind, Attributes: this.kind.attributes });
    }
    return jobEvent(step.event!, this.propertiesOf(step.properties), { ...more, ...(step.oldProperties ? { OldResourceProperties: this.propertiesOf(step.oldProperties) } : {}) });
  }

  private async check(step: TranscriptStep): Promise<void> {
    const { event, launched, stopped } = this.last!;
    // What waits for a job that nobody ends waits on; an hour is as long as CloudFormation does.
    await this.cloud.time.run(this.cloud.time.now() + 3_600_000);
    const answers = this.cloud.answersTo(event);
    const answer = answers[0];
    this.last!.answer = answer;
    const what = `${event.RequestType} ${event.LogicalResourceId} (${this.cloud.stackStatus})`;
    const same = (actual: unknown, wanted: unknown, of: string) => {
      if (JSON.stringify(actual) !== JSON.stringify(wanted)) { this.differences.push(`${what}: ${of} is ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}; ${answer?.parsed.Reason ?? ''}`); }
    };
    same(answer?.parsed.Status, step.expect, 'Status');
    if (step.PhysicalResourceId) { same(answer?.parsed.PhysicalResourceId, this.named(step.PhysicalResourceId), 'PhysicalResourceId'); }
    if (!step.neverLeftRunning) {
      same(this.cloud.jobs.launched.slice(launched), (step.launched ?? []).map(this.named), 'launched');
      same(this.cloud.jobs.stopped.slice(stopped), (step.stopped ?? []).map(this.named), 'stopped');
    }
    for (const words of step.reasonHas ?? []) { same(String(answer?.parsed.Reason).includes(words), true, `Reason has ${words}`); }
    for (const job of step.neverLeftRunning ?? []) { same(this.cloud.jobs.running().includes(this.named(job)), false, `${job} left running`); }
    if (step.tagsApplied) { same(this.cloud.jobs.records.get(this.named('job(A)'))?.tags.team, 'vision', 'tag'); }
    if (step.dataRepeated) { same(Object.keys(answer?.parsed.Data as Tree), ['JobArn'], 'Data'); }
    if (step.derivedArtifact) { this.checkDerived(answer?.parsed.Data as Tree, same); }
  }

  /** What is known without a record: where the result is, of a kind whose result is where its name says. */
  private checkDerived(data: Tree, same: (actual: unknown, wanted: unknown, of: string) => void): void {
    const derived = `${OUTPUT}/${this.named('job(A)')}/output/model.tar.gz`;
    same(data[this.kind.attributes[0]!], this.kind.derives ? derived : '', 'artifact');
  }

  private propertiesOf(text: unknown): unknown {
    if (typeof text !== 'string') { return typeof text === 'object' && text !== null ? { ...text, Kind: this.kind.kind } : text; }
    const run = this.runs[text[0]!]!;
    return text.includes('with other tags') ? { ...run, Request: { ...(run.Request as Tree), Tags: [{ Key: 'team', Value: 'vision' }] } } : run;
  }

  private refusing(): FaultPlan {
    return { before: (operation: string) => (operation === this.kind.create ? new ServiceFault('ResourceLimitExceeded', 'the limit is 0') : undefined) };
  }
}
