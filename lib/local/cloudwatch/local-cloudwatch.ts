import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { partitionOf } from '../../limits/partitions';
import type { Clock } from '../clock';
import type { CloudWatchApi } from '../cloudwatch-api';
import { ServiceError } from '../service-error';
import { readWhole, writeWhole } from '../whole-file';
import { stateOf, unevaluable, type AlarmRequest, type AlarmState } from './alarm';
import { MetricStore, type Metric } from './metric-store';

export interface LocalCloudWatchOptions {
  /** Where the alarms are kept; metrics are in memory alone. */
  readonly file: string;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** How long a minute of an alarm's periods is here, in milliseconds. */
  readonly minute: number;
}

type Answer = Record<string, unknown>;

interface DescribeAlarmsInput {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly string[];
  readonly StateValue?: AlarmState;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
}

const DESCRIBE_MEMBERS = ['AlarmNames', 'AlarmNamePrefix', 'StateValue', 'MaxRecords', 'NextToken', 'AlarmTypes'];
const MOST_DESCRIBED = 50;

/** CloudWatch, as far as guardrails need it: the metrics of the local endpoints, and alarms on them, whose state is what it is when it is asked for. */
export class LocalCloudWatch implements CloudWatchApi {
  public readonly metrics: MetricStore;
  private readonly alarms: Record<string, AlarmRequest>;
  private readonly states = new Map<string, AlarmState>();
  private readonly operations: { readonly [name: string]: (input: never) => Answer } = {
    PutMetricAlarm: (input: AlarmRequest) => this.put(input),
    DescribeAlarms: (input: DescribeAlarmsInput) => this.describe(input),
    DeleteAlarms: (input: { AlarmNames?: string[] }) => this.delete(input.AlarmNames ?? []),
    PutMetricData: (input: { Namespace?: string; MetricData?: Array<Metric & { Value?: number; Values?: number[] }> }) => this.putData(input),
  };

  constructor(private readonly options: LocalCloudWatchOptions) {
    this.metrics = new MetricStore(options.clock, options.minute);
    this.alarms = readWhole(options.file, 'put a copy in its place, or delete it, which forgets all alarms') ?? {};
  }

  /** The operations it knows. */
  public get operationNames(): string[] { return Object.keys(this.operations); }

  /** One operation of its API. */
  public call(operation: string, input: Record<string, unknown>): Promise<Answer> {
    const perform = Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
    if (perform === undefined) { return Promise.reject(new ServiceError('UnknownOperationException', `The local CloudWatch does not know the operation ${operation}.`)); }
    return Promise.resolve().then(() => perform(input as never));
  }

  public has(alarmName: string): boolean {
    return Object.hasOwn(this.alarms, alarmName);
  }

  /** What of an alarm can't be evaluated here. */
  public unevaluable(alarmName: string): string | undefined {
    return unevaluable(this.alarms[alarmName] as AlarmRequest);
  }

  /** The state of an alarm now; nothing when it is gone. */
  public state(alarmName: string): AlarmState | undefined {
    const alarm = this.has(alarmName) ? this.alarms[alarmName] as AlarmRequest : undefined;
    if (alarm === undefined) { return undefined; }
    if (unevaluable(alarm) !== undefined) { return 'INSUFFICIENT_DATA'; }
    const state = stateOf(alarm, this.metrics, this.options.clock.now(), this.options.minute, this.states.get(alarmName) ?? 'INSUFFICIENT_DATA');
    this.states.set(alarmName, state);
    return state;
  }

  private put(input: AlarmRequest): Answer {
    if (typeof input.AlarmName !== 'string' || input.AlarmName === '') { throw new ServiceError('ValidationError', 'AlarmName is required.'); }
    this.alarms[input.AlarmName] = input;
    this.save();
    return {};
  }

  private describe(input: DescribeAlarmsInput): Answer {
    const { AlarmNames, AlarmNamePrefix = '', AlarmTypes = ['MetricAlarm'], StateValue, MaxRecords = MOST_DESCRIBED, NextToken = '0' } = input;
    const stranger = Object.keys(input).find((member) => !DESCRIBE_MEMBERS.includes(member));
    if (stranger !== undefined) { throw new ServiceError('ValidationError', `Not supported by the local AWS: member ${stranger} of DescribeAlarms`); }
    const from = Number(NextToken);
    if (!Number.isInteger(from) || from < 0) { throw new ServiceError('InvalidNextToken', 'The next token specified is invalid.'); }
    const wanted = Object.values(this.alarms).filter(({ AlarmName }) => AlarmName.startsWith(AlarmNamePrefix) && (AlarmNames ?? [AlarmName]).includes(AlarmName)
      && (StateValue ?? this.state(AlarmName)) === this.state(AlarmName) && AlarmTypes.includes('MetricAlarm'));
    return {
      NextToken: from + MaxRecords < wanted.length ? String(from + MaxRecords) : undefined,
      MetricAlarms: wanted.slice(from, from + MaxRecords).map(({ Tags: _, ...alarm }) => {
        const reason = unevaluable(alarm);
        return {
          ...alarm, AlarmArn: `arn:${partitionOf(this.options.region)}:cloudwatch:${this.options.region}:${this.options.accountId}:alarm:${alarm.AlarmName}`,
          StateValue: this.state(alarm.AlarmName), StateReason: reason === undefined ? undefined : `Not evaluated by the local AWS: ${reason}`,
        };
      }),
      CompositeAlarms: [],
    };
  }

  private delete(names: readonly string[]): Answer {
    for (const name of names) {
      delete this.alarms[name];
      this.states.delete(name);
    }
    this.save();
    return {};
  }

  private putData({ Namespace, MetricData }: { Namespace?: string; MetricData?: Array<Metric & { Value?: number; Values?: number[] }> }): Answer {
    for (const { MetricName, Dimensions, Value, Values } of MetricData ?? []) {
      for (const value of Values ?? [Value ?? 0]) { this.metrics.put({ Namespace, MetricName, Dimensions }, value); }
    }
    return {};
  }

  private save(): void {
    mkdirSync(dirname(this.options.file), { recursive: true });
    writeWhole(this.options.file, JSON.stringify(this.alarms));
  }
}
