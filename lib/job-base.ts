import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Resource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { noticeRule, stateRule, type EventSource } from './event-rules';
import { JobEvent, type IJobEvents, type JobNotifyOptions } from './job-events';
import type { EventDetail, EventfulKind } from './limits/events';
import type { ShownAt } from './limits/job-kinds';
import { LIST, STRUCTURE, checkGiven, checkKind } from './request/kinds';
import { consoleUrl, logsUrl } from './template/console';

/** A job whose events are looked for, and which is shown. */
export interface EventfulJob extends Omit<EventSource, 'consoleUrl' | 'logsUrl'> {
  readonly kind: EventfulKind;
  readonly name: string;
  readonly shown: ShownAt;
}

/** What is known of a job of a name, or of all that a resource launches. */
export const eventfulJob = (kind: EventfulKind, shown: ShownAt, name: string, detail: EventDetail): EventfulJob => ({ kind, noun: shown.noun, shown, name, detail });

/**
 * What a job made here and one made elsewhere can do alike.
 *
 * @internal
 */
export abstract class JobBase extends Resource implements IJobEvents {
  /** @internal */
  public abstract readonly _eventful: EventfulJob;

  public get consoleUrl(): string { return pageOf(this, this._eventful.shown, this._eventful.name); }

  public get logsUrl(): string { return logOf(this, this._eventful.shown, this._eventful.name); }

  public onStateChange(id: string, options: OnEventOptions = {}): Rule { return stateRule(this, id, sourceOf(this), undefined, options); }

  public onCompleted(id: string, options: OnEventOptions = {}): Rule { return stateRule(this, id, sourceOf(this), [JobEvent.COMPLETED], options); }

  public onFailed(id: string, options: OnEventOptions = {}): Rule { return stateRule(this, id, sourceOf(this), [JobEvent.FAILED], options); }

  public onStopped(id: string, options: OnEventOptions = {}): Rule { return stateRule(this, id, sourceOf(this), [JobEvent.STOPPED], options); }

  public notify(topic: ITopic, options: JobNotifyOptions = {}): Rule {
    checkGiven(this, 'options', options, STRUCTURE);
    checkKind(this, 'on', options.on, LIST);
    const all = Object.values(JobEvent);
    return noticeRule(this, sourceOf(this), topic, options.on ?? all, all);
  }
}

const pageOf = (scope: Construct, shown: ShownAt, name: string) => consoleUrl(scope, shown.page(name));
const logOf = (scope: Construct, shown: ShownAt, name: string) => logsUrl(scope, shown.logGroup, shown.logStreams(name));

function sourceOf(job: JobBase): EventSource {
  const { shown, ...eventful } = job._eventful;
  return { ...eventful, consoleUrl: (name) => pageOf(job, shown, name), logsUrl: (name) => logOf(job, shown, name) };
}
