import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { AsyncCallerOptions, EndpointCallerOptions, VpcCallerOptions } from './endpoint-caller-options';
import { grantAsync, handOver } from './endpoint-callers';
import type { BacklogAgeAlarmOptions, BacklogAlarmOptions, ErrorAlarmOptions, ErrorRateAlarmOptions, LatencyAlarmOptions, VariantAlarmOptions } from './endpoint-alarm-options';
import * as alarms from './endpoint-alarms';
import { EndpointEvent, type EndpointNotifyOptions, type IEndpointEvents } from './endpoint-events';
import type { EndpointFacts } from './endpoint-facts';
import { EndpointMetrics, type EndpointMetricOptions, type IEndpointMetrics } from './endpoint-metrics';
import { eventRule, noticeRule, stateRule, type EventSource } from './event-rules';
import { ENDPOINT_FACTS } from './limits/endpoints';
import { ENDPOINT_DEPLOYMENT_DETAIL_TYPE } from './limits/events';
import { isToken, oneOf, refuse } from './request/checks';
import { ENDPOINT_METRICS, type EndpointKind, type EndpointMetricFacts } from './request/endpoint-metrics';
import { BOOLEAN, BUCKET, checkGiven, checkKind, checkOptions, FUNCTION, GRANTEE, has, KEY, type Kinds, LIST, STRUCTURE, TEXT, TEXTS, VPC } from './request/kinds';
import { SageMakerVpcEndpoint } from './sage-maker-vpc-endpoint';
import { consoleUrl, logsUrl } from './template/console';
import { detailOfName } from './template/event-detail';
import { callerFor } from './template/granted';

/** An endpoint, and what is around it. Wherever an endpoint is asked for, the interface of the CDK is enough. */
export interface IEndpoint extends sagemaker.IEndpoint, IEndpointMetrics, IEndpointEvents {
  /** The variants, as SageMaker calls them; none where the endpoint was made elsewhere and nobody said which it has. */
  readonly variantNames: string[];

  /**
   * Lets the grantee invoke only these models of a multi-model endpoint, by their paths below the models' prefix; `*` stands for any characters.
   * SageMaker has no such condition for variants.
   */
  grantInvokeModels(grantee: IGrantable, ...targetModels: string[]): Grant;
  /**
   * Lets the grantee put requests into the queue of an endpoint with `asyncInference`, write them to S3 and read the answers and failures there.
   *
   * Throws when the answers are to be read, and the endpoint was made elsewhere.
   */
  grantInvokeAsync(grantee: IGrantable, options?: AsyncCallerOptions): Grant;
  /**
   * Hands the endpoint over to a function: lets it invoke, and tells it the name in `SAGEMAKER_ENDPOINT_NAME`. Of an asynchronous endpoint requests are put into the queue.
   *
   * Throws when the function was told of another endpoint under the same names of variables.
   */
  addCaller(caller: LambdaFunction, options?: EndpointCallerOptions): Grant;
  /**
   * Lets callers without a way to the internet invoke the endpoint: by an interface endpoint of the VPC, of which there is one, however many endpoints of SageMaker are
   * allowed. It lets nothing pass that was not allowed like this.
   */
  allowFromVpc(vpc: IVpc, options?: VpcCallerOptions): SageMakerVpcEndpoint;

  /** An alarm when the model fails requests: by `metricModelErrors`, so neither of asynchronous nor of serverless endpoints. No requests are no errors. */
  alarmModelErrors(id: string, options?: ErrorAlarmOptions): Alarm;
  /** An alarm when requests fail with 5xx. No requests are no errors. */
  alarm5xxErrors(id: string, options?: ErrorAlarmOptions): Alarm;
  /** An alarm when too large a share of requests fails with 5xx. No requests are no errors. */
  alarmErrorRate(id: string, options?: ErrorRateAlarmOptions): Alarm;
  /** An alarm when the model takes too long. No requests take no time. */
  alarmLatency(id: string, options: LatencyAlarmOptions): Alarm;
  /** An alarm when no request comes: in an hour, if `period` is not said. No data are no requests. */
  alarmNoInvocations(id: string, options?: VariantAlarmOptions): Alarm;
  /** An alarm when an asynchronous endpoint fails requests, for whatever reason. */
  alarmInvocationFailures(id: string, options?: ErrorAlarmOptions): Alarm;
  /** An alarm when too many requests of an asynchronous endpoint wait. */
  alarmBacklog(id: string, options: BacklogAlarmOptions): Alarm;
  /** An alarm when requests of an asynchronous endpoint wait too long. */
  alarmBacklogAge(id: string, options: BacklogAgeAlarmOptions): Alarm;
}

const OF_A_CALLER: Kinds = { requestBucket: BUCKET, requestPrefix: TEXT, requestKey: KEY, readAnswers: BOOLEAN };

/**
 * What an endpoint can do wherever it was made.
 *
 * @example
 * const endpoint = Endpoint.fromEndpointAttributes(this, 'Endpoint', { endpointName: 'digits', variantNames: ['AllTraffic'] });
 * endpoint.grantInvoke(caller);
 * endpoint.alarmLatency('Slow', { threshold: Duration.millis(200) });
 */
export abstract class EndpointBase extends EndpointMetrics implements IEndpoint {
  public abstract readonly endpointArn: string;
  public abstract readonly endpointName: string;
  /**
   * What is known of what is behind it.
   *
   * @internal
   */
  public abstract readonly _facts: EndpointFacts;

  /**
   * The name as events have it, by which they are looked for.
   *
   * @internal
   */
  public abstract readonly _nameInEvents: string;

  /** By which other constructs refer to it. */
  public get endpointRef(): sagemaker.EndpointReference {
    return { endpointArn: this.endpointArn };
  }

  public get variantNames(): string[] {
    return this._facts.variants.map(({ variantName }) => variantName);
  }

  public metric(metricName: string, options: EndpointMetricOptions = {}): Metric {
    const { variantName: _variant, containerName: _container, ...rest } = options;
    const { namespace, statistic, of } = this.metricFacts(metricName);
    const dimensionsMap = { ...rest.dimensionsMap, EndpointName: this.endpointName, ...this.dimensions(metricName, of, options) };
    return new Metric({ namespace, metricName, statistic, ...this.whereabouts, ...rest, dimensionsMap });
  }

  /** Lets the grantee invoke the endpoint, also with an answer that comes as a stream. */
  public grantInvoke(grantee: IGrantable): Grant {
    checkGiven(this, 'grantee', grantee, GRANTEE);
    return Grant.addToPrincipal({
      grantee: callerFor(this, 'grantInvoke', grantee),
      actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
      resourceArns: [this.endpointArn],
    });
  }

  public grantInvokeModels(grantee: IGrantable, ...targetModels: string[]): Grant {
    checkGiven(this, 'grantee', grantee, GRANTEE);
    checkGiven(this, 'targetModels', targetModels, TEXTS);
    if (targetModels.length === 0) { refuse(this, 'targetModels', 'name a model or more', targetModels); }
    return Grant.addToPrincipal({
      grantee: callerFor(this, 'grantInvokeModels', grantee), actions: ['sagemaker:InvokeEndpoint'], resourceArns: [this.endpointArn], conditions: { StringLike: { 'sagemaker:TargetModel': targetModels } },
    });
  }

  public grantInvokeAsync(grantee: IGrantable, options: AsyncCallerOptions = {}): Grant {
    checkGiven(this, 'grantee', grantee, GRANTEE);
    checkOptions(this, '', options, OF_A_CALLER);
    return grantAsync(this, this._facts, grantee, options);
  }

  public addCaller(caller: LambdaFunction, options: EndpointCallerOptions = {}): Grant {
    checkGiven(this, 'caller', caller, FUNCTION);
    checkOptions(this, '', options, { ...OF_A_CALLER, variablePrefix: TEXT, contentType: TEXT, component: has('an inference component', 'inferenceComponentArn') });
    return handOver(this, this._facts, caller, options);
  }

  public allowFromVpc(vpc: IVpc, options: VpcCallerOptions = {}): SageMakerVpcEndpoint {
    checkGiven(this, 'vpc', vpc, VPC);
    checkOptions(this, '', options, { callers: LIST, components: LIST, describe: BOOLEAN });
    const runtime = SageMakerVpcEndpoint.runtime(vpc);
    runtime.allowInvoke(this, options);
    if (options.describe) { SageMakerVpcEndpoint.api(vpc).allowDescribe(this, options); }
    return runtime;
  }

  public alarmModelErrors(id: string, options: ErrorAlarmOptions = {}): Alarm { return alarms.onCount(this, id, 'InvocationModelErrors', options); }
  public alarm5xxErrors(id: string, options: ErrorAlarmOptions = {}): Alarm { return alarms.onCount(this, id, 'Invocation5XXErrors', options); }
  public alarmErrorRate(id: string, options: ErrorRateAlarmOptions = {}): Alarm { return alarms.onErrorRate(this, id, options); }
  public alarmLatency(id: string, options: LatencyAlarmOptions): Alarm { return alarms.onLatency(this, id, options); }
  public alarmNoInvocations(id: string, options: VariantAlarmOptions = {}): Alarm {
    return alarms.onSilence(this, id, this._facts.kind === 'async' ? 'InvocationsProcessed' : 'Invocations', options);
  }
  public alarmInvocationFailures(id: string, options: ErrorAlarmOptions = {}): Alarm { return alarms.onCount(this, id, 'InvocationFailures', options); }
  public alarmBacklog(id: string, options: BacklogAlarmOptions): Alarm { return alarms.onBacklog(this, id, options); }
  public alarmBacklogAge(id: string, options: BacklogAgeAlarmOptions): Alarm { return alarms.onBacklogAge(this, id, options); }

  public get consoleUrl(): string { return consoleUrl(this, ENDPOINT_FACTS.page(this.endpointName)); }
  public get logsUrl(): string { return logsUrl(this, ENDPOINT_FACTS.logGroup(this.endpointName)); }

  public onStateChange(id: string, options: OnEventOptions = {}): Rule { return stateRule(this, id, this.events, undefined, options); }
  public onInService(id: string, options: OnEventOptions = {}): Rule { return stateRule(this, id, this.events, [EndpointEvent.IN_SERVICE], options); }
  public onFailed(id: string, options: OnEventOptions = {}): Rule { return stateRule(this, id, this.events, [EndpointEvent.FAILED, EndpointEvent.UPDATE_ROLLBACK_FAILED], options); }
  public onRolledBack(id: string, options: OnEventOptions = {}): Rule { return stateRule(this, id, this.events, [EndpointEvent.ROLLING_BACK], options); }
  public onDeploymentStateChange(id: string, options: OnEventOptions = {}): Rule { return eventRule(this, id, ENDPOINT_DEPLOYMENT_DETAIL_TYPE, this.events.detail, options); }

  public notify(topic: ITopic, options: EndpointNotifyOptions = {}): Rule {
    checkGiven(this, 'options', options, STRUCTURE);
    checkKind(this, 'on', options.on, LIST);
    const all = Object.values(EndpointEvent);
    return noticeRule(this, this.events, topic, options.on ?? all, all);
  }

  private get events(): EventSource {
    const detail = detailOfName('Endpoint', this._nameInEvents);
    return { kind: 'Endpoint', noun: ENDPOINT_FACTS.noun, detail, consoleUrl: (name) => consoleUrl(this, ENDPOINT_FACTS.page(name)), logsUrl: (name) => logsUrl(this, ENDPOINT_FACTS.logGroup(name)) };
  }

  /** Account and Region, which may be others than those of the stack. */
  private get whereabouts(): { account?: string; region?: string } {
    return Object.fromEntries(Object.entries(this.env).filter(([, value]) => !isToken(value)));
  }

  private metricFacts(metricName: string): EndpointMetricFacts {
    if (!Object.hasOwn(ENDPOINT_METRICS, metricName)) { refuse(this, 'metric', `be one of ${Object.keys(ENDPOINT_METRICS).join(', ')}; any other is a Metric of aws-cloudwatch`, metricName); }
    const facts = ENDPOINT_METRICS[metricName];
    const { kind } = this._facts;
    if (kind && !facts.kinds.includes(kind)) { refuse(this, 'metric', `be one that ${KIND_WORDS[kind]} has; this is one of ${facts.kinds.map((each) => KIND_WORDS[each]).join(' or ')}`, metricName); }
    return facts;
  }

  private dimensions(metricName: string, of: EndpointMetricFacts['of'], { variantName, containerName }: EndpointMetricOptions): { [dimension: string]: string } {
    if (of === 'endpoint' && variantName !== undefined) { refuse(this, 'variantName', `be left out: ${metricName} is of the whole endpoint`, variantName); }
    if (of === 'container' && containerName === undefined) { refuse(this, 'containerName', `be given: ${metricName} is of a container`, containerName); }
    if ((of === 'endpoint' || of === 'variant') && containerName !== undefined) { refuse(this, 'containerName', `be left out: ${metricName} is of no single container`, containerName); }
    const container = containerName === undefined ? undefined : { ContainerName: containerName };
    return of === 'endpoint' ? {} : { VariantName: this.variant(variantName), ...container };
  }

  /** What SageMaker calls a variant, which may be another name than the user's. */
  private variant(given: string | undefined): string {
    const { variants, shadows } = this._facts;
    const known = [...variants, ...shadows];
    const names = known.map(({ name }) => name);
    if (given === undefined) {
      if (variants.length === 1) { return variants[0].variantName; }
      return refuse(this, 'variantName', variants.length > 0 ? `be one of ${names.join(', ')}` : 'be given, for the variants of an endpoint made elsewhere are not known', given);
    }
    const found = known.find(({ name }) => name === given) ?? known.find(({ variantName }) => variantName === given);
    if (!found && known.length > 0) { oneOf(this, 'variantName', given, names); }
    return found?.variantName ?? given;
  }
}

const KIND_WORDS: { readonly [kind in EndpointKind]: string } = {
  realTime: 'a real-time endpoint', async: 'an asynchronous endpoint', serverless: 'a serverless endpoint',
};
