import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormation } from '../../lib/local/cloudformation/engine';
import type { StackRecord } from '../../lib/local/cloudformation/stack-record';
import { MemoryStackStore } from '../../lib/local/cloudformation/stack-store';
import { LocalCloudWatch } from '../../lib/local/cloudwatch/local-cloudwatch';
import { EventBus } from '../../lib/local/events/event-bus';
import { Functions } from '../../lib/local/lambda/functions';
import { resourceTypes } from '../../lib/local/resources';
import { S3Folder } from '../../lib/local/s3-folder';
import type { SageMakerApi } from '../../lib/local/sagemaker-api';
import { ServiceError } from '../../lib/local/service-error';
import { LocalSsm } from '../../lib/local/ssm/local-ssm';
import { StepFunctions } from '../../lib/local/workflows/step-functions';
import { SYSTEM_CLOCK } from '../../lib/local/clock';

/** A SageMaker that only remembers: endpoints are in service at the second look, or fail when their configuration's name says so. */
export class RememberedSageMaker implements SageMakerApi {
  public readonly calls: string[] = [];
  public readonly endpoints = new Map<string, { status: string; serves: string; wanted: string }>();

  public async call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const kind = operation.replace(/^(Create|Update|Delete|Describe)/, '');
    const name = String(input[`${kind}Name`]);
    const endpoint = this.endpoints.get(name);
    if (operation === 'DescribeEndpoint') {
      if (endpoint === undefined) { throw new ServiceError('ValidationException', `Could not find endpoint "${name}".`); }
      const now = { EndpointStatus: endpoint.status, EndpointConfigName: endpoint.serves, FailureReason: endpoint.wanted.startsWith('bad') ? 'the model does not load' : undefined };
      this.settle(name);
      return now;
    }
    this.calls.push(`${operation} ${kind.endsWith('Tags') ? JSON.stringify(input.Tags ?? input.TagKeys) : `${name.replace(/-[A-Z0-9]{12}$/, '-*')}${input.EndpointConfigName !== undefined && kind === 'Endpoint' ? ` ${String(input.EndpointConfigName)}` : ''}`}`);
    const config = String(input.EndpointConfigName);
    if (operation === 'CreateEndpoint') { this.endpoints.set(name, { status: 'Creating', serves: config, wanted: config }); }
    if (operation === 'UpdateEndpoint' && endpoint !== undefined) { Object.assign(endpoint, { status: 'Updating', wanted: config }); }
    if (operation === 'DeleteEndpoint') { this.endpoints.delete(name); }
    return { [`${kind}Arn`]: `arn:aws:sagemaker:us-east-1:123456789012:${kind.toLowerCase()}/${name}` };
  }

  private settle(name: string): void {
    const endpoint = this.endpoints.get(name);
    if (endpoint === undefined || endpoint.status === 'InService') { return; }
    const isBad = endpoint.wanted.startsWith('bad');
    if (endpoint.status === 'Creating' && isBad) { endpoint.status = 'Failed'; } else { Object.assign(endpoint, { status: 'InService', serves: isBad ? endpoint.serves : endpoint.wanted }); }
  }
}

export interface LocalStack {
  readonly engine: CloudFormation;
  readonly s3: S3Folder;
  readonly ssm: LocalSsm;
  readonly events: EventBus;
  /** What the targets of rules and schedules were told: their ARNs and what they got. */
  readonly told: readonly [string, unknown][];
  readonly cloudWatch: LocalCloudWatch;
  readonly sageMaker: RememberedSageMaker;
  /** Deploys `stack`; the answer is its record. */
  deploy(resources: object): Promise<StackRecord>;
  destroy(): Promise<StackRecord>;
}

/** The real types of resources in a temporary folder; no function is invoked. */
export async function withLocalStack(work: (stack: LocalStack) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stack-'));
  const s3 = new S3Folder(join(folder, 's3'));
  const sageMaker = new RememberedSageMaker();
  const cloudWatch = new LocalCloudWatch({ file: join(folder, 'cloudwatch.json'), clock: SYSTEM_CLOCK, region: 'us-east-1', accountId: '123456789012', minute: 1000 });
  const functions = new Functions({ runner: 'none', clock: SYSTEM_CLOCK, endpoints: () => ({}) });
  const stepFunctions = new StepFunctions({ clock: SYSTEM_CLOCK, invoke: () => Promise.reject(new Error('no functions here')) });
  const told: [string, unknown][] = [];
  const events = new EventBus({
    clock: SYSTEM_CLOCK, region: 'us-east-1', account: '123456789012', log: (line) => { throw new Error(line); },
    startExecution: (arn, input) => { told.push([arn, JSON.parse(input)]); }, publish: async (arn, message) => { told.push([arn, JSON.parse(message)]); }, invoke: async (arn, payload) => { told.push([arn, payload]); },
  });
  s3.onCreated = (object) => events.objectCreated(object);
  const ssm = new LocalSsm({ file: join(folder, 'ssm.json'), clock: SYSTEM_CLOCK, region: 'us-east-1', accountId: '123456789012' });
  const engine = new CloudFormation({
    ssmParameter: (name) => ssm.value(name),
    clock: SYSTEM_CLOCK, store: new MemoryStackStore(), answersUrl: () => 'http://127.0.0.1:1/', deliver: () => Promise.reject(new Error('no functions here')),
    types: resourceTypes({ s3, sageMaker, cloudWatch, functions, events, ssm, stepFunctions, codeFolder: join(folder, 'functions') }),
  });
  try {
    await work({
      engine, s3, ssm, events, told, cloudWatch, sageMaker,
      deploy: (Resources) => engine.deploy({ stackName: 'stack', template: { Resources } }).finished,
      destroy: () => engine.delete('stack').finished,
    });
  } finally {
    events.close();
    rmSync(folder, { recursive: true });
  }
}

/** Why a resource has failed. */
export const failureOf = ({ events }: StackRecord) => events.find(({ status, type }) => status.endsWith('_FAILED') && type !== 'AWS::CloudFormation::Stack')?.reason;
